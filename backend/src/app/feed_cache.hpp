// What a feed that is held in memory offers to whoever hears what other processes changed.
#pragma once

#include "app/activity_event.hpp"
#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur {

class feed_cache : public activity_observer {
 public:
  // Stops answering from memory: another process may change things unheard.
  virtual void suspend() = 0;

  // Another process changed this activity: reads it anew. Fault: unavailable.
  virtual task<result<>> refresh(uuid id, time_point now) = 0;

  // Another process changed what this reader likes.
  virtual void forget_viewer(uuid viewer) = 0;
};

}  // namespace cruddur
