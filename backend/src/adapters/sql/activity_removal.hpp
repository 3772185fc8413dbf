// Deletion before its time: an author's removal of an activity, and the end of an account.
#pragma once

#include <string_view>

#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"
#include "ports/retention.hpp"

namespace cruddur::sql {

// What hides activities from everybody, up to WHERE: they have no author, text or likes any more,
// and where nothing stands below them, their time is over. The sweeper deletes what is left. $3
// now.
inline constexpr std::string_view hide_activities =
    "UPDATE activities SET user_uuid = NULL, slot = NULL, sealed = NULL, client_token = NULL, "
    "request_mac = NULL, revision = revision + 1, likes_count = 0, "
    "expires_at = CASE WHEN NOT EXISTS "
    "(SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid) AND expires_at > $3 "
    "THEN $3 ELSE expires_at END, "
    "ending = CASE WHEN NOT EXISTS "
    "(SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid) THEN 2 "
    "WHEN EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = activities.uuid) THEN 1 ELSE 0 END";

// What ends people, up to WHERE: the name goes at once, with its key, and the row last.
inline constexpr std::string_view remove_people =
    "UPDATE users SET removed = 1, slot = NULL, sealed = NULL, handle_mac = NULL, "
    "index_key = NULL";

// `removed` as its author just read it.
task<result<removal_outcome>> remove_activity(database& db, activity removed, time_point now);
task<result<>> remove_author(database& db, uuid author, time_point now);

// Marks a person as removed, for good: nothing of them is shown any more, their profile is not made
// anew, and clear_removed() deletes it all. Part of a transaction.
std::vector<command> end_identity(uuid identity);

// See retention::clear_removed().
task<result<clear_outcome>> clear_removed(database& db, time_point now, std::size_t limit);

}  // namespace cruddur::sql
