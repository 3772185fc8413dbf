// Liking an activity. The count is kept by the database's triggers
// (backend/db/migrations/*/0001_activities.up.sql), in the transaction that adds or removes the
// like.
#pragma once

#include "app/activity_event.hpp"
#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"
#include "ports/reactions.hpp"

namespace cruddur {

struct like_state {
  bool liked;
  std::int64_t likes_count;
};

class likes {
 public:
  likes(activity_store& activities, reactions& reactions, activity_observer& observer)
      : activities_{activities}, reactions_{reactions}, observer_{observer} {}

  // Makes the viewer like the activity or not; repeating it changes nothing. Faults: gone
  // (activity_expired, activity_deleted), not_found (activity_not_found).
  task<result<like_state>> set(request_context context, uuid id, bool is_liked);

  // Sets the viewer's like when it is not set and takes it when it is: once for each call, also
  // when many come at once. Faults: as set(); unavailable (server_busy) when others are always
  // faster.
  task<result<like_state>> toggle(request_context context, uuid id);

 private:
  task<result<reaction_outcome>> write(request_context context, uuid id, bool is_liked);

  activity_store& activities_;
  reactions& reactions_;
  activity_observer& observer_;
};

}  // namespace cruddur
