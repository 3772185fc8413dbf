#include "http/media_type.hpp"

#include <optional>
#include <string>
#include <utility>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// Takes a quoted string off the front of `rest`; false when it isn't closed.
bool take_quoted(std::string_view& rest) {
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
    if (rest[i] == '\\') ++i;
  }
  return false;
}

// parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
bool are_parameters(std::string_view rest) {
  for (rest = trim(rest); !rest.empty(); rest = trim(rest)) {
    if (rest.front() != ';') return false;
    rest.remove_prefix(1);
    rest = trim(rest);
    if (rest.empty() || rest.front() == ';') continue;
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return false;
    rest.remove_prefix(equals + 1);
    if (rest.starts_with('"')) {
      if (!take_quoted(rest)) return false;
      continue;
    }
    const auto end = std::ranges::find_if_not(rest, is_token_char) - rest.begin();
    if (end == 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(end));
  }
  return true;
}

// The next element of a list, whose quoted strings may hold commas.
std::string_view take_element(std::string_view& rest) {
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == ',' && !quoted) {
      const auto element = rest.substr(0, i);
      rest.remove_prefix(i + 1);
      return trim(element);
    }
  }
  return trim(std::exchange(rest, {}));
}

// Whether the weight among an element's parameters forbids it: "q=0", "q=0.000".
bool is_forbidden(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view each = trim(take_until(parameters, ';'));
    if (!each.starts_with("q=") && !each.starts_with("Q=")) continue;
    return each.substr(2).find_first_of("123456789") == std::string_view::npos;
  }
  return false;
}

// What an Accept list says of one range: allowed, forbidden, or nothing.
std::optional<bool> verdict(std::string_view accept, std::string_view range) {
  while (!accept.empty()) {
    std::string_view parameters = take_element(accept);
    const std::string_view name = trim(take_until(parameters, ';'));
    if (equal_ignoring_case(name, range)) return !is_forbidden(parameters);
  }
  return std::nullopt;
}

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view wanted) {
  const std::string_view text = trim(content_type);
  const auto name = text.substr(0, text.find_first_of("; \t"));
  return equal_ignoring_case(name, wanted) && are_parameters(text.substr(name.size()));
}

bool accepts_by_name(std::string_view accept, std::string_view wanted) {
  return verdict(accept, wanted).value_or(false);
}

bool accepts(std::string_view accept, std::string_view wanted) {
  if (trim(accept).empty()) return true;
  if (const auto exact = verdict(accept, wanted)) return *exact;
  const std::string group = std::string{wanted.substr(0, wanted.find('/'))} + "/*";
  if (const auto some = verdict(accept, group)) return *some;
  return verdict(accept, "*/*").value_or(false);
}

}  // namespace cruddur::http
