#include "domain/handle.hpp"

#include <algorithm>

namespace cruddur {

bool is_handle_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<std::string> parse_handle(std::string_view text) {
  if (text.size() < handle_min_length || text.size() > handle_max_length) return std::nullopt;
  if (!std::ranges::all_of(text, is_handle_character)) return std::nullopt;
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace cruddur
