// Keeps a second server away from keys in a file, of which two machines may each have a copy: the
// holder says in the database, every few seconds, that it lives. PostgreSQL only; of a SQLite
// database there is one server anyway.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "adapters/sql/database.hpp"
#include "base/uuid.hpp"

namespace cruddur::sql {

// False before the migration that makes them possible, and with SQLite. Blocks.
result<bool> has_key_leases(database& db);

// Thread-safe.
class key_lease {
 public:
  // By the database's clock. Who has not renewed it for this long has lost it to whoever asks.
  static constexpr std::chrono::seconds length{30};
  static constexpr std::chrono::seconds renewal{5};

  // Of two who give the same holder the later one takes over at once: the caller knows that the
  // earlier one has ended.
  key_lease(database& db, uuid holder) : db_{db}, holder_{holder} {}

  // Nothing when it is ours now; else when its holder renewed it last, in Unix milliseconds.
  task<result<std::optional<std::int64_t>>> take();

  // False when another has taken it: then it is lost for good.
  task<result<bool>> renew();

  task<result<>> release();

  // Whether nobody else can have it yet. Between two machines no clock is compared.
  bool is_good() const;

 private:
  void extend(std::chrono::steady_clock::time_point asked_at);

  database& db_;
  const uuid holder_;
  // Of the steady clock, in milliseconds; 0: it is not ours.
  std::atomic<std::int64_t> good_until_{0};
};

}  // namespace cruddur::sql
