// The parts of an absolute http or https URL that a client needs.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace cruddur::net {

struct http_url {
  bool is_tls = false;
  std::string host;       // a name or an address; IPv6 without brackets
  std::string port;       // "443"
  std::string authority;  // for the Host header: with brackets, the port only when it is unusual
  std::string target;     // path and query, "/" at least
};

// Fault invalid, code url_invalid: also for user names, and for hosts with escapes.
result<http_url> parse_http_url(std::string_view text);

}  // namespace cruddur::net
