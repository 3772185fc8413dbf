#pragma once

#include <string_view>

namespace cruddur::http {

// Why a request can't be served; the connection ends after the answer. All constants.
struct refusal {
  unsigned status;
  std::string_view code;
  std::string_view detail;
};

}  // namespace cruddur::http
