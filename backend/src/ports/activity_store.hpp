// Activities one by one: writing, finding and removing them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/activity.hpp"
#include "domain/request_context.hpp"

namespace cruddur {

// What a repeated request is known by.
struct idempotency_key {
  uuid token;           // the same token of the same author makes nothing new
  std::string request;  // what was asked for; kept only as a MAC, and only while the activity lives
};

// How long a token is remembered after the end of what it made.
inline constexpr std::chrono::hours remember_key{24};

struct new_activity {
  uuid id;
  uuid author;
  std::string message;
  time_point created_at;
  std::optional<idempotency_key> key;
  std::string entities = "[]";  // see activity::entities
};

// `lost`: it can't be opened, because its key was destroyed or is damaged, or it was given up for
// that.
enum class gone_reason { expired, deleted, lost };

inline fault activity_gone(gone_reason reason) {
  if (reason == gone_reason::expired) {
    return make_fault(fault_kind::gone, "activity_expired", "This post's time is over.");
  }
  if (reason == gone_reason::lost) {
    return make_fault(fault_kind::gone, "activity_lost", "This post can't be read any more.");
  }
  return make_fault(fault_kind::gone, "activity_deleted", "Its author deleted this post.");
}

// What became of an activity: exactly one of the two, or neither when there never was one.
struct activity_lookup {
  std::optional<activity> live;
  std::optional<gone_reason> gone;
};

struct reply_outcome {
  activity reply;
  uuid parent;
  activity_counts parent_counts;
};

// What a removal changed beyond the activity itself.
struct removal_outcome {
  bool tombstone;                 // it stays, without author and text, above its replies
  std::optional<uuid> parent;     // of a reply, when it is still there
  activity_counts parent_counts;  // after the removal
};

// Every operation may also give unavailable (database_unavailable).
class activity_store {
 public:
  virtual ~activity_store() = default;

  // The activity as stored: the earlier one when the same request came before with its key. Faults:
  // gone (activity_expired, activity_deleted, activity_lost) when what the key made has ended;
  // invalid (idempotency_key_reused) when the key came with another request; forbidden
  // (profile_missing). A key that failed to make something is free.
  virtual task<result<activity>> create_post(new_activity post, time_point expires_at) = 0;

  // As create_post(), and a repeated request is answered also when the parent has ended. Fault
  // besides: not_found (activity_not_found) when the parent is not live or is a tombstone.
  virtual task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) = 0;

  virtual task<result<activity_lookup>> find(request_context context, uuid id) = 0;

  // Removes an activity as its author read it: the row, and the tombstones above that have nothing
  // below them then; or its author and text when replies stand below it. Fault: not_found
  // (activity_not_found) when it is not live any more or is a tombstone.
  virtual task<result<removal_outcome>> remove(request_context context, activity removed) = 0;

  // As remove(), for everything of an author, and the author's likes and profile: for the end of an
  // account. All of it is hidden at once and for good; what is left after a first batch is deleted
  // by retention::clear_removed(), the profile last, and until then nobody else gets its handle.
  virtual task<result<>> remove_author(uuid author, time_point now) = 0;

  // Whether a request with this token has made something, and it is remembered.
  virtual task<result<bool>> knows_key(uuid author, uuid token) = 0;
};

}  // namespace cruddur
