// The keys of requests that made an activity. A key's row is written in the transaction that makes
// the activity, outlives it, and is what lets only one of several equal requests make something.
#pragma once

#include <string>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"

namespace cruddur::sql {

// Take a key for an activity, or nothing when it is taken; first in the transaction, after the
// parent's lock. A free key stays free when the author has no profile or the parent is not live.
command take_key_for_post(const new_activity& post, time_point expires_at);
command take_key_for_reply(const new_activity& reply, uuid parent);

// The activity that a key made, or none. Faults as activity_store::create_post(): it has ended, or
// another request made it.
task<result<std::optional<uuid>>> find_key(database& db, content_vault& vault,
                                           const new_activity& asked);

// What activities.request_mac keeps of a request: an HMAC under the content's key, so that once
// that has ended nobody can try guesses of the text. Null without an idempotency key.
value request_mac(const new_activity& asked, const content_key& key);

// The author's removal of an activity ends its key: before the activity changes.
command end_key(uuid activity, uuid author, time_point now);

task<result<bool>> knows_key(database& db, uuid author, uuid token);
task<result<bool>> forget_keys(database& db, time_point now, std::size_t limit);

}  // namespace cruddur::sql
