// SQL put together for both engines at once, and what the batches of retention have in common.
#pragma once

#include <string>

#include "adapters/sql/database.hpp"

namespace cruddur::sql {

// A text for each engine, which outlives the statement made of it. On PostgreSQL what a batch takes
// is chosen first and then looked up: as a join it might be planned as a walk over the whole table.
struct engine_text {
  std::string sqlite;
  std::string postgres;

  operator statement() const { return {sqlite.c_str(), postgres.c_str()}; }  // NOLINT: on purpose
};

inline engine_text operator+(const engine_text& left, const engine_text& right) {
  return {left.sqlite + right.sqlite, left.postgres + right.postgres};
}
inline engine_text operator+(const engine_text& left, const char* both) {
  return left + engine_text{both, both};
}
inline engine_text operator+(const char* both, const engine_text& right) {
  return engine_text{both, both} + right;
}

inline engine_text uuid_in(const engine_text& chosen) {
  return engine_text{"uuid IN (", "uuid = ANY (ARRAY ("} + chosen + engine_text{") ", ")) "};
}

// `chosen` begins behind SELECT and its columns; $3 bounds it.
inline engine_text delete_likes(const engine_text& chosen) {
  return engine_text{
             "DELETE FROM likes WHERE (activity_uuid, user_uuid) IN "
             "(SELECT l.activity_uuid, l.user_uuid ",
             "DELETE FROM likes WHERE ctid = ANY (ARRAY (SELECT l.ctid "} +
         chosen + " LIMIT CAST($3 AS bigint)" + engine_text{")", "))"};
}

// One server sweeps, others find nothing to do. First in the transaction; what it says holds to its
// end.
inline constexpr statement claim_sweep{
    "SELECT 'true'",
    "SELECT set_config('cruddur.sweeps', pg_try_advisory_xact_lock(4729118306)::text, true)"};
inline const engine_text is_ours{"", " AND current_setting('cruddur.sweeps', true) = 'true' "};

// The activity has no likes (any more).
inline constexpr auto unliked =
    " AND NOT EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = activities.uuid) ";

inline constexpr auto once = " ON CONFLICT (uuid) DO NOTHING";

}  // namespace cruddur::sql
