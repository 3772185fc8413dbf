// application/problem+json answers (RFC 9457), with the codes that programs read.
#pragma once

#include "base/fault.hpp"
#include "http/message.hpp"

namespace cruddur::http {

// The one table of fault kinds to status codes. Adds Retry-After, and WWW-Authenticate for 401.
response to_problem(const fault& from, std::string_view request_id);

}  // namespace cruddur::http
