#include "http/cors.hpp"

namespace cruddur::http {
namespace {

constexpr std::string_view expose_line =
    "access-control-expose-headers: x-server-time, x-request-id, retry-after, etag, ratelimit, "
    "ratelimit-policy, ratelimit-limit, ratelimit-remaining, ratelimit-reset\r\n";

}  // namespace

cors_policy::cors_policy(const std::vector<std::string>& origins) : origins_{origins} {
  if (origins_.empty()) return;
  without_origin_ = "vary: Origin\r\n";
  for (const std::string& origin : origins_) {
    std::string lines = "access-control-allow-origin: " + origin + "\r\n";
    lines += expose_line;
    lines += without_origin_;
    lines_.emplace(origin, std::move(lines));
  }
}

bool cors_policy::allows(std::string_view origin) const {
  return lines_.contains(origin);
}

std::string_view cors_policy::answer_lines(std::string_view origin) const {
  if (origin.empty()) return without_origin_;
  const auto found = lines_.find(origin);
  return found == lines_.end() ? without_origin_ : std::string_view{found->second};
}

}  // namespace cruddur::http
