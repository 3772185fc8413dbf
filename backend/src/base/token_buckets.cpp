#include "base/token_buckets.hpp"

#include <algorithm>
#include <cmath>

namespace cruddur {

std::optional<std::chrono::seconds> token_buckets::take(std::string_view name, bucket_size size,
                                                        time_point now) {
  const double per_ms = size.per_minute / 60'000.0;
  const std::uint64_t key = buckets_.key_of(name);

  const std::lock_guard lock{mutex_};
  bucket& found = buckets_.find(key, {.time = now, .tokens = size.burst});
  const auto passed = static_cast<double>(std::max<std::int64_t>(0, (now - found.time).count()));
  const double tokens = std::min(size.burst, found.tokens + passed * per_ms);
  found.tokens = tokens;
  found.time = std::max(found.time, now);
  if (tokens >= 1) {
    found.tokens = tokens - 1;
    return std::nullopt;
  }
  return std::chrono::seconds{static_cast<std::int64_t>(std::ceil((1 - tokens) / per_ms / 1000))};
}

}  // namespace cruddur
