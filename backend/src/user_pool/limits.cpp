#include "user_pool/limits.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "user_pool/places.hpp"

namespace cruddur::user_pool {
namespace {

using std::chrono::seconds;

char kind_of(attempt what) {
  return static_cast<char>('0' + static_cast<int>(what));
}

}  // namespace

const limit_table::line& limit_table::of(attempt what) const {
  switch (what) {
    case attempt::sign_in:
      return sign_in;
    case attempt::refresh:
      return refresh;
    case attempt::code:
      return code;
    case attempt::sign_up:
      return sign_up;
    case attempt::mail:
      break;
  }
  return mail;
}

attempt_limits::attempt_limits(limit_table table) : table_{table} {}

std::optional<seconds> attempt_limits::take_for_address(attempt what, std::string_view address,
                                                        time_point now) {
  std::string name{"address"};
  name.append(1, kind_of(what)).append(address_group(address));
  return take(name, table_.of(what).per_address, now);
}

std::optional<seconds> attempt_limits::take_for_account(attempt what, std::string_view account,
                                                        std::string_view address, time_point now) {
  std::string name{"account"};
  name.append(1, kind_of(what)).append(account).append(" ").append(address_group(address));
  return take(name, table_.of(what).per_account, now);
}

std::optional<seconds> attempt_limits::take(std::string_view name, bucket_size size,
                                            time_point now) {
  const double burst = size.burst * table_.scale;
  const double per_ms = size.per_minute * table_.scale / 60'000.0;
  const std::uint64_t key = buckets_.key_of(name);

  const std::lock_guard lock{mutex_};
  bucket& found = buckets_.find(key, {.at = now, .tokens = burst});
  const auto passed = static_cast<double>(std::max<std::int64_t>(0, (now - found.at).count()));
  const double tokens = std::min(burst, found.tokens + passed * per_ms);
  found.tokens = tokens;
  found.at = std::max(found.at, now);
  if (tokens >= 1) {
    found.tokens = tokens - 1;
    return std::nullopt;
  }
  return seconds{static_cast<std::int64_t>(std::ceil((1 - tokens) / per_ms / 1000))};
}

}  // namespace cruddur::user_pool
