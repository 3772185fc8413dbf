// How often something may be tried: token buckets per address and per account, and the lock-out of
// an account after wrong passwords. In memory, of fixed size, per process; thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace cruddur::user_pool {

struct bucket_size {
  double burst;       // tries at once
  double per_minute;  // tries that come back
};

// What is limited. The clients repeat some refused calls up to three times, so bursts are what a
// person needs, times three.
enum class attempt : std::uint8_t { sign_in, refresh, code, sign_up, mail };

struct limit_table {
  struct line {
    bucket_size per_address;
    bucket_size per_account;
  };
  // An address may stand for a school or an office; an account is one person.
  line sign_in{{.burst = 90, .per_minute = 60}, {.burst = 30, .per_minute = 12}};
  line refresh{{.burst = 300, .per_minute = 300}, {.burst = 60, .per_minute = 30}};
  // A code has a million values: an account gets some 30 guesses a day, an address some 500,
  // however often a new code is asked for.
  line code{{.burst = 60, .per_minute = 0.3}, {.burst = 15, .per_minute = 0.01}};
  line sign_up{{.burst = 60, .per_minute = 6}, {.burst = 6, .per_minute = 1}};
  line mail{{.burst = 30, .per_minute = 3}, {.burst = 6, .per_minute = 0.5}};

  // Every number times this: for tests that do a day's work in a minute.
  double scale = 1;

  const line& of(attempt what) const;
};

// Wrong passwords in a row before the account is locked, and for how long: 1 s, then twice as long
// each time, at most 15 minutes.
inline constexpr int free_failures = 5;
inline constexpr std::chrono::seconds longest_lock{15 * 60};

// A set-associative table of 64-byte keys' hashes: when a set is full, the entry that says least
// makes room.
class attempt_limits {
 public:
  explicit attempt_limits(limit_table table);

  // Takes one try from the bucket of an address (an IP; IPv6 counts by /64) or of an account (any
  // text that names it). When it is empty, gives the time until there is one.
  std::optional<std::chrono::seconds> take_for_address(attempt what, std::string_view address,
                                                       time_point now);
  std::optional<std::chrono::seconds> take_for_account(attempt what, std::string_view account,
                                                       time_point now);

 private:
  struct entry {
    std::uint64_t key = 0;
    time_point at{};
    double tokens = 0;
  };
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t sets = 4096;

  std::optional<std::chrono::seconds> take(std::uint64_t key, bucket_size size, time_point now);

  limit_table table_;
  std::uint64_t seed_;
  std::mutex mutex_;
  std::vector<std::array<entry, ways>> entries_{sets};
};

class lock_out {
 public:
  // A try that is under way; counts as failed until it is known to have succeeded.
  enum class answer : std::uint8_t { go_on, locked };

  // Call before looking at the password. While go_on tries are under way, at most free_failures
  // more may begin.
  answer begin(std::string_view account, time_point now);
  void failed(std::string_view account, time_point now);
  void succeeded(std::string_view account);
  // The try ended without looking at the password.
  void abandoned(std::string_view account);

 private:
  struct entry {
    std::uint64_t key = 0;
    int failures = 0;
    int under_way = 0;
    time_point locked_until{};
    time_point at{};
  };
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t sets = 1024;

  entry& find(std::string_view account);

  std::mutex mutex_;
  std::vector<std::array<entry, ways>> entries_{sets};
  std::uint64_t seed_ = make_seed();

  static std::uint64_t make_seed();
};

}  // namespace cruddur::user_pool
