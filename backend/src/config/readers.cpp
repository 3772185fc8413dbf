#include "config/readers.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace cruddur::config {

reader identifier(std::string settings::* member) {
  constexpr std::size_t longest = 128;
  return [member](settings& target, std::string_view text) -> std::string {
    const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
    if (text.empty() || text.size() > longest || !is_plain) {
      return "must be letters, digits and signs without blanks, at most 128";
    }
    target.*member = text;
    return {};
  };
}

reader parsed(std::string settings::* member, reading<std::string> (*parse)(std::string_view)) {
  return [member, parse](settings& target, std::string_view text) -> std::string {
    if (text.empty()) {
      (target.*member).clear();
      return {};
    }
    auto value = parse(text);
    if (!value) return std::move(value.error());
    target.*member = std::move(*value);
    return {};
  };
}

reader flag(bool settings::* member) {
  return [member](settings& target, std::string_view text) -> std::string {
    const auto value = parse_switch(text);
    if (!value) return value.error();
    target.*member = *value;
    return {};
  };
}

reader one_of(std::string settings::* member, std::vector<std::string> allowed) {
  return [member, allowed = std::move(allowed)](settings& target,
                                                std::string_view text) -> std::string {
    const std::string word = ascii::lower_case(text);
    if (std::ranges::find(allowed, word) == allowed.end()) {
      return fmt::format("must be one of {}", fmt::join(allowed, ", "));
    }
    target.*member = word;
    return {};
  };
}

}  // namespace cruddur::config
