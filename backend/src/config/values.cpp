#include "config/values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/ascii.hpp"

namespace cruddur::config {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t longest_address = 254;

std::optional<std::int64_t> milliseconds_of(std::string_view unit) {
  struct known {
    std::string_view name;
    std::int64_t milliseconds;
  };
  static constexpr known all[] = {{"ms", 1},       {"s", 1'000},     {"m", 60'000},
                                  {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  const auto* found = std::ranges::find(all, unit, &known::name);
  if (found == std::end(all)) return std::nullopt;
  return found->milliseconds;
}

bool is_mail_address(std::string_view text) {
  const auto sign = text.find('@');
  if (sign == std::string_view::npos || sign == 0 || sign + 1 == text.size()) return false;
  return text.size() <= longest_address && text.find('@', sign + 1) == std::string_view::npos &&
         std::ranges::none_of(text, [](char c) {
           return c <= ' ' || c > '~' || std::string_view{"<>,;:\"()\\"}.contains(c);
         });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

reading<bool> parse_switch(std::string_view text) {
  const std::string word = ascii::lower_case(text);
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0"}) {
    if (word == no) return false;
  }
  return std::unexpected("must be true or false");
}

std::optional<std::int64_t> parse_duration(std::string_view text, std::int64_t unit_ms) {
  const auto digits = std::min(text.find_first_not_of("+-0123456789"), text.size());
  const auto count = parse_number(text.substr(0, digits));
  const std::string unit = ascii::lower_case(trimmed(text.substr(digits)));
  if (!count || unit.empty()) return count;
  const auto given_ms = milliseconds_of(unit);
  if (!given_ms) return std::nullopt;
  const auto most = std::numeric_limits<std::int64_t>::max() / *given_ms;
  if (*count > most || *count < -most || *count * *given_ms % unit_ms != 0) return std::nullopt;
  return *count * *given_ms / unit_ms;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    const auto each = trimmed(text.substr(start, end - start));
    if (!each.empty()) out.emplace_back(each);
    start = end + 1;
  }
  return out;
}

reading<std::string> parse_sender(std::string_view text) {
  auto address = text;
  const auto open = text.rfind('<');
  if (open != std::string_view::npos) {
    address = text.substr(open + 1);
    if (!address.ends_with('>')) address = {};
    if (!address.empty()) address.remove_suffix(1);
  }
  if (!is_mail_address(trimmed(address))) {
    return std::unexpected("must be an address like Cruddur <no-reply@cruddur.example>");
  }
  return std::string{text};
}

}  // namespace cruddur::config
