// How an activity is read from a row: what every query of the activity store selects, and how a row
// becomes one.
#pragma once

#include <string>
#include <vector>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "domain/activity.hpp"

namespace cruddur::sql {

// "SELECT <columns of an activity> FROM activities a LEFT JOIN users u ": the caller goes on with
// more joins, WHERE and so on. $1 is the viewer, or null. What belongs to a removed person reads as
// a tombstone (u.uuid is null) until it is deleted. `more`: a column after the activity's.
dialects select_activity(const dialects& source = "activities a", const std::string& more = {});

// How many columns an activity has.
inline constexpr std::size_t activity_columns = 16;

// First in a transaction that writes beside the activity $1: on PostgreSQL the commands after it
// see what others did to it before, and it does not go away meanwhile. Weak enough for the key
// checks of replies elsewhere in its thread to pass. SQLite has one writer anyway.
inline const statement lock_activity{"lock_activity",
                                     {"SELECT 1 FROM activities WHERE uuid = $1",
                                      "SELECT 1 FROM activities WHERE uuid = $1 "
                                      "FOR NO KEY UPDATE"}};

struct opened_activity {
  activity content;
  std::size_t row;  // where it was found
};

// Opens what the rows hold. One whose key has ended, or that is damaged, is left out: it is on its
// way to its end, or lost.
task<result<std::vector<opened_activity>>> open_activities(content_vault& vault,
                                                           const query_result& found);
// The same without the rows' places.
task<result<std::vector<activity>>> open_all(content_vault& vault, const query_result& found);

// Sets `out`'s names of `out.author`, whose sealed record is given. False when it does not open.
task<result<bool>> open_author(content_vault& vault, activity& out, key_slot slot,
                               std::string_view sealed);

// What an activity's sealed record holds.
std::string activity_record(std::string_view message, std::string_view entities);

// The counts of the activity $1 if it is live at $2 and no tombstone, and whether $3 has a profile.
inline const statement select_counts{
    "select_counts",
    "SELECT a.likes_count, a.replies_count, a.revision, "
    "CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.uuid = $3 AND u.removed = 0) THEN 1 ELSE 0 "
    "END "
    "FROM activities a WHERE a.uuid = $1 AND a.expires_at > $2 AND a.user_uuid IS NOT NULL"};

activity_counts to_counts(const row& columns);

// Past every id there is.
inline constexpr uuid last_uuid{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                 0xff, 0xff, 0xff, 0xff, 0xff}};

std::unexpected<fault> activity_not_found();
std::unexpected<fault> profile_missing();

// The fault for a write beside a locked activity: that does not go away, so what a foreign key
// misses can only be the person's row, deleted in this moment.
std::unexpected<fault> explain(const driver_error& error);

}  // namespace cruddur::sql
