// A handle names a person in the address of a page and in a mention: 2 to 30 of a-z, 0-9 and _.
// Upper case is read as lower case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur {

inline constexpr std::size_t handle_min_length = 2;
inline constexpr std::size_t handle_max_length = 30;

// The handle in its one spelling, or nothing when the text is not a handle. Takes no leading '@'.
std::optional<std::string> parse_handle(std::string_view text);

bool is_handle_character(char c);

}  // namespace cruddur
