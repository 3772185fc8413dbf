// How a token verifier learns that a session was revoked.
#pragma once

#include <cstdint>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// Thread-safe.
class session_watch {
 public:
  virtual ~session_watch() = default;

  // While this stays the same, a session that was alive still is. Cheap: called for each request.
  virtual std::uint64_t epoch() const noexcept = 0;

  // Asks the store. Fault: unavailable (database_unavailable).
  virtual task<result<bool>> is_alive(uuid session) = 0;
};

}  // namespace cruddur
