// What the batches of retention and removal have in common. On PostgreSQL what a batch takes is
// chosen first and then looked up: as a join it might be planned as a walk over the whole table.
#pragma once

#include "adapters/sql/database.hpp"

namespace cruddur::sql {

inline dialects uuid_in(const dialects& chosen) {
  return dialects{"uuid IN (", "uuid = ANY (ARRAY ("} + chosen + dialects{") ", ")) "};
}

// `chosen` begins behind SELECT and its columns; $3 bounds it.
inline dialects delete_likes(const dialects& chosen) {
  return dialects{
             "DELETE FROM likes WHERE (activity_uuid, user_uuid) IN "
             "(SELECT l.activity_uuid, l.user_uuid ",
             "DELETE FROM likes WHERE ctid = ANY (ARRAY (SELECT l.ctid "} +
         chosen + " LIMIT CAST($3 AS bigint)" + dialects{")", "))"};
}

// One server sweeps, others find nothing to do. First in the transaction; what it says holds to its
// end.
inline const statement claim_sweep{
    "claim_sweep",
    {"SELECT 'true'",
     "SELECT set_config('cruddur.sweeps', pg_try_advisory_xact_lock(4729118306)::text, true)"}};
inline const dialects is_ours{"", " AND current_setting('cruddur.sweeps', true) = 'true' "};

// The activity has no likes (any more).
inline constexpr auto unliked =
    " AND NOT EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = activities.uuid) ";

inline constexpr auto once = " ON CONFLICT (uuid) DO NOTHING";

}  // namespace cruddur::sql
