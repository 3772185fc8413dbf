#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/activity.hpp"

namespace cruddur {

// Where a page of a list begins and how long it may be. Lists of roots run from new to old, replies
// from old to new.
struct page_request {
  std::optional<uuid> after;  // the last activity of the page before; nothing for the first page
  std::size_t limit = 20;
};

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

enum class gone_reason { expired, deleted };

// What became of an activity: exactly one of the two, or neither when there never was one.
struct activity_lookup {
  std::optional<activity> live;
  std::optional<gone_reason> gone;
};

// A like's outcome, with the activity's counts after it.
struct like_outcome {
  activity_counts counts;
  bool changed;
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

// How much of a tree of replies one reading gives.
struct tree_bounds {
  std::size_t depth;     // levels
  std::size_t children;  // replies to each reply; the first level is bounded by the page's limit
  std::size_t rows;      // in all
};

struct tree_reply {
  activity what;
  bool answered;  // replies stand below it, tombstones among them
};

struct swept_activity {
  uuid id;
  time_point expires_at;
};

// `now` bounds every read: what expired by then is not there. `viewer` decides activity::liked.
// Every operation may also give unavailable (database_unavailable).
class activity_store {
 public:
  virtual ~activity_store() = default;

  // The activity as stored: the earlier one when the same request came before with its key. Faults:
  // gone (activity_expired, activity_deleted) when what the key made has ended; invalid
  // (idempotency_key_reused) when the key came with another request; forbidden (profile_missing).
  // A key that failed to make something is free.
  virtual task<result<activity>> create_post(new_activity post, time_point expires_at) = 0;

  // As create_post(), and a repeated request is answered also when the parent has ended. Fault
  // besides: not_found (activity_not_found) when the parent is not live or is a tombstone.
  virtual task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) = 0;

  virtual task<result<activity_lookup>> find(uuid id, std::optional<uuid> viewer,
                                             time_point now) = 0;

  // Roots, newest first.
  virtual task<result<std::vector<activity>>> home(page_request page, std::optional<uuid> viewer,
                                                   time_point now) = 0;
  virtual task<result<std::vector<activity>>> by_author(uuid author, page_request page,
                                                        std::optional<uuid> viewer,
                                                        time_point now) = 0;

  // The chain above an activity, root first, at most `limit` of the nearest.
  virtual task<result<std::vector<activity>>> ancestors(uuid id, std::optional<uuid> viewer,
                                                        time_point now, std::size_t limit) = 0;

  // A page of the direct replies to `parent`, tombstones among them, and what stands below those
  // within the bounds: nearer levels first, oldest first within one. Of the replies to one parent
  // the oldest come. The cost is bounded by the bounds, however many replies there are.
  virtual task<result<std::vector<tree_reply>>> reply_tree(uuid parent, page_request page,
                                                           tree_bounds bounds,
                                                           std::optional<uuid> viewer,
                                                           time_point now) = 0;

  // Makes the like be there or not; repeating it changes nothing. Fault: not_found
  // (activity_not_found) when the activity is not live or is a tombstone; forbidden
  // (profile_missing).
  virtual task<result<like_outcome>> set_like(uuid id, uuid user, bool liked, time_point now) = 0;

  // Which roots the user likes, of the newest `limit` live ones not older than `oldest`; it may
  // name older ones too. The cost is bounded by `limit`, however much the user likes.
  virtual task<result<std::vector<uuid>>> liked_roots(uuid user, uuid oldest, std::size_t limit,
                                                      time_point now) = 0;

  // Removes an activity as its author read it: the row, and the tombstones above that have nothing
  // below them then; or its author and text when replies stand below it. Fault: not_found
  // (activity_not_found) when it is not live any more or is a tombstone.
  virtual task<result<removal_outcome>> remove(activity what, time_point now) = 0;

  // As remove(), for everything of an author, and the author's likes and profile: for the end of an
  // account. All of it is hidden at once and for good; what is left after a first batch is deleted
  // by clear_removed(), the profile last, and until then nobody else gets its handle.
  virtual task<result<>> remove_author(uuid author, time_point now) = 0;

  // Deletes what has expired, at most `limit` roots and ten times as many replies in one
  // transaction, and gives the roots it deleted. Repeat while `more`.
  struct sweep_outcome {
    std::vector<swept_activity> roots;
    bool more;
    bool elsewhere = false;  // another server sweeps at the moment: nothing was done
  };
  virtual task<result<sweep_outcome>> sweep(time_point now, std::size_t limit) = 0;

  // Deletes what removals left behind, at most `limit` rows of each kind in one transaction, also
  // after a restart. Repeat while `more`.
  struct clear_outcome {
    std::vector<uuid> people;  // of whom nothing is left now
    bool more = false;
  };
  virtual task<result<clear_outcome>> clear_removed(time_point now, std::size_t limit) = 0;

  // When the next root expires, or expired unswept; nothing when there is none.
  virtual task<result<std::optional<time_point>>> next_expiry() = 0;

  // Forgets which activities and accounts are gone, for those gone before `before`. In batches.
  virtual task<result<>> forget_gone(time_point before) = 0;

  // Whether a request with this token has made something, and it is remembered.
  virtual task<result<bool>> knows_key(uuid author, uuid token) = 0;

  // Forgets at most `limit` keys whose time is over. True when there are more.
  virtual task<result<bool>> forget_keys(time_point now, std::size_t limit) = 0;

  // Puts deleted text out of reach of whoever reads the database's files; false when it has to be
  // called again.
  virtual task<result<bool>> purge() = 0;
};

}  // namespace cruddur
