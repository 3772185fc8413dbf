// Makes the readers of the declarations: each reads a text into one member of the settings, and
// gives what is wrong with it, or "".
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "config/settings.hpp"
#include "config/values.hpp"

namespace cruddur::config {

using reader = std::function<std::string(settings&, std::string_view)>;

// Printable ASCII without blanks, up to 128 characters.
reader identifier(std::string settings::* member);

// What `parse` makes of it; an empty text stays empty.
reader parsed(std::string settings::* member, reading<std::string> (*parse)(std::string_view));

reader flag(bool settings::* member);

// One of the words, in any case.
reader one_of(std::string settings::* member, std::vector<std::string> allowed);

template <class T>
reader bounded(T settings::* member, std::int64_t least, std::int64_t most) {
  return [=](settings& target, std::string_view text) -> std::string {
    const auto value = parse_number(text);
    if (!value || *value < least || *value > most) {
      return fmt::format("must be a number from {} to {}", least, most);
    }
    target.*member = static_cast<T>(*value);
    return {};
  };
}

// A length of time: a number of the member's unit, or with a unit of its own.
template <class Rep, class Period>
reader bounded(std::chrono::duration<Rep, Period> settings::* member, std::int64_t least,
               std::int64_t most) {
  using unit = std::chrono::duration<Rep, Period>;
  constexpr std::int64_t unit_ms = std::chrono::milliseconds{unit{1}}.count();
  constexpr std::string_view name = unit_ms == 86'400'000  ? "days"
                                    : unit_ms == 3'600'000 ? "hours"
                                    : unit_ms == 60'000    ? "minutes"
                                    : unit_ms == 1'000     ? "seconds"
                                                           : "milliseconds";
  return [=](settings& target, std::string_view text) -> std::string {
    const auto value = parse_duration(text, unit_ms);
    if (!value || *value < least || *value > most) {
      return fmt::format("must be a number of {} from {} to {}", name, least, most);
    }
    target.*member = unit{*value};
    return {};
  };
}

}  // namespace cruddur::config
