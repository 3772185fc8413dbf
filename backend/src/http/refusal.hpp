#pragma once

#include <string_view>

namespace cruddur::http {

// Why a request can't be served; the connection ends after the answer. All constants.
struct refusal {
  unsigned status;
  std::string_view code;
  std::string_view detail;
};

inline constexpr refusal body_too_large{413, "body_too_large", "The request's body is too large."};
inline constexpr refusal request_overdue{408, "request_timeout",
                                         "The request took too long to arrive."};

}  // namespace cruddur::http
