#include "telemetry/access_log.hpp"

#include <algorithm>
#include <string>

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

namespace {

std::string without_handles(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, end);
    const bool is_handle = segment.starts_with("/@") || segment.starts_with("/%40");
    out += is_handle ? "/@" : segment;
    path.remove_prefix(end);
  }
  return out;
}

}  // namespace

void log_request(logger& log, const request_summary& request) {
  const log_level level = level_of(request.status);
  if (!log.is_enabled(level)) return;
  log.write(level, "request",
            {{"method", request.method},
             {"path", without_handles(request.path)},
             {"route", request.route},
             {"status", std::int64_t{request.status}},
             {"bytes", static_cast<std::int64_t>(request.bytes)},
             {"took_us", static_cast<std::int64_t>(request.took.count())},
             {"request_id", request.request_id},
             {"remote_address", request.remote_address}});
}

}  // namespace cruddur::telemetry
