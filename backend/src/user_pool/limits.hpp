// How often something may be tried at the pool, by address, and by account and address. Per
// process. Wrong passwords and mails are counted in the database instead: ports/sign_in_tries.hpp,
// ports/account_store.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/token_buckets.hpp"

namespace cruddur::user_pool {

// What is limited. The clients repeat some refused calls up to three times, so bursts are what a
// person needs, times three.
enum class attempt : std::uint8_t { sign_in, refresh, code, sign_up, mail };

struct limit_table {
  struct line {
    bucket_size per_address;
    bucket_size per_account;
  };
  // An address may stand for a school or an office. An account's bucket is one for each address
  // that speaks of it, so that no stranger can empty the owner's.
  line sign_in{{.burst = 90, .per_minute = 60}, {.burst = 30, .per_minute = 12}};
  line refresh{{.burst = 300, .per_minute = 300}, {.burst = 60, .per_minute = 30}};
  // A code has 10^10 values and none is worth more than another, so guesses need no common bound:
  // an address has some 500 a day, 30 of them at one account. Ten thousand addresses that guess at
  // one account all day find its code with a probability of 3 in 100,000.
  line code{{.burst = 60, .per_minute = 0.3}, {.burst = 15, .per_minute = 0.01}};
  line sign_up{{.burst = 60, .per_minute = 6}, {.burst = 6, .per_minute = 1}};
  line mail{{.burst = 30, .per_minute = 3}, {.burst = 6, .per_minute = 0.5}};

  // Every number times this: for tests that do a day's work in a minute.
  double scale = 1;

  const line& line_of(attempt kind) const;
};

// Thread-safe.
class attempt_limits {
 public:
  explicit attempt_limits(limit_table table);

  // Takes one try from the bucket of an address (an IP; IPv6 counts by /64). When it is empty,
  // gives the time until there is one.
  std::optional<std::chrono::seconds> take_for_address(attempt kind, std::string_view address,
                                                       time_point now);

  // Likewise from the bucket of an account (any text that names it) and an address.
  std::optional<std::chrono::seconds> take_for_account(attempt kind, std::string_view account,
                                                       std::string_view address, time_point now);

 private:
  bucket_size scaled(bucket_size size) const;

  limit_table table_;
  token_buckets buckets_;
};

}  // namespace cruddur::user_pool
