// Whether the database takes writes: a tiny one is committed when somebody asks, one at a
// time, and not for two seconds after one that went well, however many ask. On PostgreSQL the role
// must have its rights to every table, too.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/sql/database.hpp"

namespace cruddur {

class write_probe {
 public:
  // The database must outlive it. `tables`: those that the server writes.
  write_probe(sql::database& database, const std::vector<std::string>& tables);

  // Thread-safe. While one caller tries, the others get what was last known.
  task<bool> can_write();

 private:
  using moment = std::chrono::steady_clock::time_point;

  // What is known well enough; nothing when the caller is the one to try.
  std::optional<bool> known();
  void learn(bool good);

  task<bool> write_now();

  sql::database& database_;
  const std::string tables_;  // with commas between
  std::mutex mutex_;
  bool last_ = true;
  std::optional<moment> learnt_;
  std::optional<moment> trying_since_;
};

}  // namespace cruddur
