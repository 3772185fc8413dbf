// application/problem+json answers (RFC 9457), with the codes that programs read.
#pragma once

#include <span>

#include "base/fault.hpp"
#include "http/message.hpp"

namespace cruddur::http {

// All of it valid UTF-8.
struct problem {
  unsigned status;
  std::string_view title;
  std::span<const std::string_view> codes;
  std::string_view detail;
  std::string_view field;  // "" for none
};

response make_problem(const problem& problem, std::string_view request_id);

// The one table of fault kinds to status codes. Adds Retry-After, and WWW-Authenticate for 401.
response to_problem(const fault& fault, std::string_view request_id);

}  // namespace cruddur::http
