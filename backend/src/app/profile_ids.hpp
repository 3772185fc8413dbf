// Whose profile a caller's is: an identity's profile id never changes, so it is read once.
#pragma once

#include "base/bounded_map.hpp"
#include "ports/profile_store.hpp"

namespace cruddur {

// Thread-safe.
class profile_ids {
 public:
  explicit profile_ids(profile_store& store, std::size_t capacity = 65'536)
      : store_{store}, known_{capacity} {}

  // The id of the identity's profile; nothing when it has none (yet), which is not remembered.
  // Fault: unavailable (database_unavailable).
  task<result<std::optional<uuid>>> find(uuid identity);

  // The identity's account has ended.
  void forget(uuid identity) { known_.erase(identity); }

 private:
  profile_store& store_;
  bounded_map<uuid, uuid, std::hash<uuid>> known_;
};

}  // namespace cruddur
