// The Authorization header (RFC 9110, section 11.4; RFC 6750).
#pragma once

#include <string_view>

#include "http/text.hpp"

namespace cruddur::http {

// The token of "Bearer TOKEN", whose scheme may be in any case and any spaces away; "" for another
// scheme or for none.
constexpr std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer";
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ') return {};
  if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
  return trim(authorization.substr(scheme.size()));
}

}  // namespace cruddur::http
