#include "telemetry/access_log.hpp"

namespace cruddur::telemetry {

log_level level_of(unsigned status) {
  switch (status) {
    case 400:
    case 408:
    case 413:
    case 414:
    case 429:
    case 431:
      return log_level::warning;
    default:
      return status >= 500 ? log_level::error : log_level::info;
  }
}

void log_request(logger& to, const request_summary& what) {
  const log_level level = level_of(what.status);
  if (!to.is_enabled(level)) return;
  to.write(level, "request",
           {{"method", what.method},
            {"path", what.path},
            {"route", what.route},
            {"status", std::int64_t{what.status}},
            {"bytes", static_cast<std::int64_t>(what.bytes)},
            {"took_us", static_cast<std::int64_t>(what.took.count())},
            {"request_id", what.request_id},
            {"remote_address", what.remote_address}});
}

}  // namespace cruddur::telemetry
