// Which content keys have ended and are to be destroyed, and which are in use. An end is recorded
// by the same transaction that ends the content: no key is destroyed because a row was not found.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "ports/content_keys.hpp"

namespace cruddur {

struct ended_key {
  key_slot slot;
  time_point ended_at;
};

// Every operation may also give unavailable (database_unavailable).
class ended_keys {
 public:
  virtual ~ended_keys() = default;

  // The first to have ended first, at most `limit`.
  virtual task<result<std::vector<ended_key>>> oldest(std::size_t limit) = 0;

  // Their keys are destroyed.
  virtual task<result<>> forget(std::vector<key_slot> slots) = 0;

  // Those of the slots under which a content is stored.
  virtual task<result<std::vector<key_slot>>> in_use(std::vector<key_slot> slots) = 0;
};

}  // namespace cruddur
