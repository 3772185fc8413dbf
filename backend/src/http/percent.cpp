#include "http/percent.hpp"

#include <array>

#include <boost/url/pct_string_view.hpp>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The byte that the escape at `text[begin]` stands for; -1 when it isn't a whole escape.
int escaped_byte(std::string_view text, std::size_t begin) {
  if (begin + 2 >= text.size()) return -1;
  const int high = hex_value(text[begin + 1]);
  const int low = hex_value(text[begin + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

constexpr auto path_characters = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const char letter = static_cast<char>(c);
    table[static_cast<std::size_t>(c)] =
        is_digit(letter) || is_alpha(letter) ||
        std::string_view{"-._~!$&'()*+,;=:@/|[]^"}.find(letter) != std::string_view::npos;
  }
  return table;
}();

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, plus_sign plus) {
  const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
  if (!encoded) return std::nullopt;
  boost::urls::encoding_opts options;
  options.space_as_plus = plus == plus_sign::space;
  return encoded->decode(options);
}

bool is_valid_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path_characters[static_cast<unsigned char>(path[i])]) continue;
    if (path[i] != '%') return false;
    const int byte = escaped_byte(path, i);
    if (byte < 0x20 || byte == 0x7f) return false;
    i += 2;
  }
  return true;
}

bool is_valid_query(std::string_view query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    const auto c = static_cast<unsigned char>(query[i]);
    if (c <= 0x20 || c >= 0x7f || c == '#') return false;
    if (c == '%' && escaped_byte(query, i) < 0) return false;
  }
  return true;
}

std::optional<std::string> find_query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view key = take_until(value, '=');
    if (key == name) return percent_decode(value, plus_sign::space);
    if (key.find_first_of("%+") == std::string_view::npos) continue;
    if (percent_decode(key, plus_sign::space) == name) {
      return percent_decode(value, plus_sign::space);
    }
  }
  return std::nullopt;
}

}  // namespace cruddur::http
