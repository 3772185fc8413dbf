// How whoever trusts a session (a token verifier, later a socket) learns that it was revoked.
#pragma once

#include <cstdint>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

enum class session_state : std::uint8_t {
  trusted,  // not revoked, as far as the store has told lately
  revoked,
  unknown,  // the store has not told lately: ask is_alive()
};

// Thread-safe.
class session_watch {
 public:
  virtual ~session_watch() = default;

  // Of a session that was alive once. From memory: called for each request.
  virtual session_state state(const uuid& session) const = 0;

  // Asks the store. Fault: unavailable (database_unavailable).
  virtual task<result<bool>> is_alive(uuid session) = 0;
};

}  // namespace cruddur
