#include "adapters/user_pool/limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include <boost/asio/ip/address.hpp>

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

// An IPv6 host has a whole /64 to itself.
std::string address_group(std::string_view address) {
  boost::system::error_code error;
  auto parsed = boost::asio::ip::make_address(std::string{address}, error);
  if (error) return std::string{address};
  if (parsed.is_v4()) return parsed.to_string();
  const auto six = parsed.to_v6();
  if (six.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six).to_string();
  }
  auto bytes = six.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6{bytes}.to_string();
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

std::uint64_t lock_out::make_seed() {
  return random_below(std::numeric_limits<std::uint64_t>::max());
}

attempt_limits::attempt_limits(limit_table table)
    : table_{table}, seed_{random_below(std::numeric_limits<std::uint64_t>::max())} {}

std::optional<seconds> attempt_limits::take_for_address(attempt what, std::string_view address,
                                                        time_point now) {
  return take(hash(seed_, std::string{"address"} + kind_of(what), address_group(address)),
              table_.of(what).per_address, now);
}

std::optional<seconds> attempt_limits::take_for_account(attempt what, std::string_view account,
                                                        time_point now) {
  return take(hash(seed_, std::string{"account"} + kind_of(what), account),
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

lock_out::entry& lock_out::find(std::string_view account) {
  const auto key = hash(seed_, "lock", account);
  auto& set = entries_[key % sets];
  auto found = std::ranges::find(set, key, &entry::key);
  if (found == set.end()) {
    found = std::ranges::min_element(set, {}, [](const entry& of) {
      return of.key == 0 ? std::pair{-1, time_point::min()}
                         : std::pair{of.failures + of.under_way, of.at};
    });
    *found = entry{.key = key};
  }
  return *found;
}

lock_out::answer lock_out::begin(std::string_view account, time_point now) {
  const std::lock_guard lock{mutex_};
  entry& of = find(account);
  // A day without a wrong password forgives.
  if (of.failures > 0 && now - of.at > std::chrono::hours{24}) of.failures = 0;
  if (now < of.locked_until) return answer::locked;
  const int allowed_at_once = of.failures >= free_failures ? 1 : 2 * free_failures;
  if (of.under_way >= allowed_at_once) return answer::locked;
  ++of.under_way;
  return answer::go_on;
}

void lock_out::failed(std::string_view account, time_point now) {
  const std::lock_guard lock{mutex_};
  entry& of = find(account);
  of.under_way = std::max(0, of.under_way - 1);
  of.at = now;
  ++of.failures;
  if (of.failures < free_failures) return;
  const int doublings = std::min(of.failures - free_failures, 10);
  of.locked_until = now + std::min(seconds{1 << doublings}, longest_lock);
}

void lock_out::succeeded(std::string_view account) {
  const std::lock_guard lock{mutex_};
  entry& of = find(account);
  of.under_way = std::max(0, of.under_way - 1);
  of.failures = 0;
  of.locked_until = {};
}

void lock_out::abandoned(std::string_view account) {
  const std::lock_guard lock{mutex_};
  entry& of = find(account);
  of.under_way = std::max(0, of.under_way - 1);
}

}  // namespace cruddur::user_pool
