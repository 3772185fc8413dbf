// One line a request. Never the query string, headers or bodies: those can hold secrets. Nor
// anybody's handle, which must be gone when its person is.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "base/logger.hpp"

namespace cruddur::telemetry {

struct request_summary {
  std::string_view method;
  std::string_view path;   // without the query; a segment that begins with '@' is left out
  std::string_view route;  // the pattern, "" when none fitted
  unsigned status;
  std::size_t bytes;  // of the answer's body
  std::chrono::microseconds took;
  std::string_view request_id;
  std::string_view remote_address;
};

// Level error for 5xx, warning for 429 and refusals of the protocol (400, 408, 413, 414, 431), info
// for the rest.
log_level level_of(unsigned status);
void log_request(logger& log, const request_summary& request);

}  // namespace cruddur::telemetry
