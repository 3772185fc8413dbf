// The end of what was written: deleting what has expired or was removed, and forgetting it.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

struct swept_activity {
  uuid id;
  time_point expires_at;
};

struct sweep_outcome {
  std::vector<swept_activity> roots;
  bool more = false;
  bool elsewhere = false;  // another server sweeps at the moment: nothing was done
};

struct clear_outcome {
  std::vector<uuid> people;  // of whom nothing is left now
  bool more = false;
};

// Every operation may give unavailable (database_unavailable).
class retention {
 public:
  virtual ~retention() = default;

  // When the next root expires, or expired unswept; nothing when there is none.
  virtual task<result<std::optional<time_point>>> next_expiry() = 0;

  // Deletes what has expired, at most `limit` roots and ten times as many replies in one
  // transaction, and gives the roots it deleted. Repeat while `more`.
  virtual task<result<sweep_outcome>> sweep(time_point now, std::size_t limit) = 0;

  // Deletes what removals left behind, at most `limit` rows of each kind in one transaction, also
  // after a restart. Repeat while `more`.
  virtual task<result<clear_outcome>> clear_removed(time_point now, std::size_t limit) = 0;

  // Forgets which activities and accounts are gone, for those gone before `horizon`. In batches.
  virtual task<result<>> forget_gone(time_point horizon) = 0;

  // Forgets at most `limit` keys whose time is over. True when there are more.
  virtual task<result<bool>> forget_keys(time_point now, std::size_t limit) = 0;

  // Puts all that was deleted or overwritten, by anybody and in any table, out of reach of whoever
  // reads the database's files; false when it has to be called again. Costs next to nothing when
  // nothing was.
  virtual task<result<bool>> purge() = 0;
};

}  // namespace cruddur
