// Reads one setting's text. Each gives the value in its one normal spelling, or what is wrong as a
// phrase that follows the setting's name: "must be …". The text has no blanks around it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cruddur::config {

template <class T>
using reading = std::expected<T, std::string>;

// Without blanks, tabs and line ends at either end.
std::string_view trimmed(std::string_view text);

// Decimal digits with an optional sign; nothing for anything else, or beyond 64 bits.
std::optional<std::int64_t> parse_number(std::string_view text);

// true, yes, on, 1 and false, no, off, 0, in any case.
reading<bool> parse_switch(std::string_view text);

// A number of `unit_ms`, or with a unit of its own: ms, s, m, min, h, d. Nothing when it is not a
// whole number of `unit_ms`.
std::optional<std::int64_t> parse_duration(std::string_view text, std::int64_t unit_ms);

// The parts between commas, without blanks around them and without empty ones.
std::vector<std::string> parse_list(std::string_view text);

// Name <user@host> or user@host.
reading<std::string> parse_sender(std::string_view text);

}  // namespace cruddur::config
