#include "adapters/user_pool/limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "adapters/user_pool/places.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"

namespace cruddur::user_pool {
namespace {

using std::chrono::seconds;

// Keyed, so that nobody can choose names that fall into one set.
std::uint64_t hash(std::uint64_t seed, std::string_view kind, std::string_view name) {
  std::string text(reinterpret_cast<const char*>(&seed), sizeof seed);
  text.append(kind).append(name);
  const auto digest = sha256(text);
  std::uint64_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out == 0 ? 1 : out;  // 0 marks a free entry
}

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

attempt_limits::attempt_limits(limit_table table)
    : table_{table}, seed_{random_below(std::numeric_limits<std::uint64_t>::max())} {}

std::optional<seconds> attempt_limits::take_for_address(attempt what, std::string_view address,
                                                        time_point now) {
  return take(hash(seed_, std::string{"address"} + kind_of(what), address_group(address)),
              table_.of(what).per_address, now);
}

std::optional<seconds> attempt_limits::take_for_account(attempt what, std::string_view account,
                                                        std::string_view address, time_point now) {
  std::string name{account};
  name.append(" ").append(address_group(address));
  return take(hash(seed_, std::string{"account"} + kind_of(what), name),
              table_.of(what).per_account, now);
}

std::optional<seconds> attempt_limits::take(std::uint64_t key, bucket_size size, time_point now) {
  const double burst = size.burst * table_.scale;
  const double per_ms = size.per_minute * table_.scale / 60'000.0;
  const auto tokens_now = [&](const entry& of) {
    const auto passed = static_cast<double>(std::max<std::int64_t>(0, (now - of.at).count()));
    return std::min(burst, of.tokens + passed * per_ms);
  };

  const std::lock_guard lock{mutex_};
  auto& set = entries_[key % sets];
  auto found = std::ranges::find(set, key, &entry::key);
  if (found == set.end()) {
    // Free ones first; else the one that was touched longest ago.
    found = std::ranges::min_element(
        set, {}, [](const entry& of) { return of.key == 0 ? time_point::min() : of.at; });
    *found = {key, now, burst};
  }
  const double tokens = tokens_now(*found);
  found->tokens = tokens;
  found->at = std::max(found->at, now);
  if (tokens >= 1) {
    found->tokens = tokens - 1;
    return std::nullopt;
  }
  return seconds{static_cast<std::int64_t>(std::ceil((1 - tokens) / per_ms / 1000))};
}

}  // namespace cruddur::user_pool
