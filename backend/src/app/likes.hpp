// Liking an activity. The count is kept by the database's triggers
// (backend/db/migrations/*/0001_activities.up.sql), in the transaction that adds or removes the
// like.
#pragma once

#include "app/activity_observer.hpp"
#include "app/request_context.hpp"
#include "ports/activity_store.hpp"

namespace cruddur {

struct like_state {
  bool liked;
  std::int64_t likes_count;
};

class likes {
 public:
  likes(activity_store& store, activity_observer& observer) : store_{store}, observer_{observer} {}

  // Makes the viewer like the activity or not; repeating it changes nothing. Faults: gone
  // (activity_expired, activity_deleted), not_found (activity_not_found).
  task<result<like_state>> set(request_context context, uuid id, bool liked);

  // Turns the viewer's like over, once per call, also when many come at once. Faults: as set();
  // unavailable (server_busy) when others are always faster.
  task<result<like_state>> toggle(request_context context, uuid id);

 private:
  task<result<like_outcome>> write(request_context context, uuid id, bool liked);

  activity_store& store_;
  activity_observer& observer_;
};

}  // namespace cruddur
