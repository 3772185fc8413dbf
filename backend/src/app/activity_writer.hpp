// Writing and removing activities.
#pragma once

#include <string>

#include "app/activity_event.hpp"
#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"
#include "ports/profile_store.hpp"

namespace cruddur {

struct draft {
  std::string message;
  std::optional<uuid> key;  // the idempotency key
};

// What a request to write has brought about.
struct published {
  activity made;
  bool repeated;  // it is there since an earlier request with the same key
};

class activity_writer {
 public:
  activity_writer(activity_store& activities, profile_store& profiles, activity_observer& observer)
      : activities_{activities}, profiles_{profiles}, observer_{observer} {}

  // Faults: message_blank, message_exceed_max_chars, message_exceed_max_marks,
  // message_directions_open, message_invalid, ttl_blank, ttl_invalid; idempotency_key_reused for a
  // key that came with another request; gone (activity_expired, activity_deleted) for a key whose
  // post has ended. A key that made nothing is free.
  task<result<published>> post(request_context context, draft written, std::string ttl);

  // Faults: as post() for the message; gone (activity_expired, activity_deleted) or not_found
  // (activity_not_found) for the parent.
  task<result<published>> reply(request_context context, draft written, uuid parent);

  // Faults: forbidden (not_author); gone or not_found as reply().
  task<result<>> remove(request_context context, uuid id);

  // Removes all that an account left, for the end of the account.
  task<result<>> remove_author(uuid author, time_point now);

 private:
  // The entities of a message that is about to be stored, its mentions only of people there are.
  task<result<std::string>> entities_of(std::string message);

  activity_store& activities_;
  profile_store& profiles_;
  activity_observer& observer_;
};

}  // namespace cruddur
