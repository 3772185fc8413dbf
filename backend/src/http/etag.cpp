#include "http/etag.hpp"

#include "http/text.hpp"

namespace cruddur::http {
namespace {

std::string_view without_weakness(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

}  // namespace

bool none_match_names(std::string_view if_none_match, std::string_view etag) {
  const std::string_view wanted = without_weakness(etag);
  std::string_view rest = trim(if_none_match);
  if (rest == "*") return true;
  while (!rest.empty()) {
    rest = without_weakness(trim(rest));
    // A tag may hold commas, so it ends at its closing quote.
    const auto end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (rest.substr(0, end + 1) == wanted) return true;
    rest.remove_prefix(end + 1);
    rest = trim(rest);
    if (!rest.empty() && rest.front() != ',') return false;
    while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ')) rest.remove_prefix(1);
  }
  return false;
}

}  // namespace cruddur::http
