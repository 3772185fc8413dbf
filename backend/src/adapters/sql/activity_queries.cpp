#include "adapters/sql/activity_queries.hpp"

#include "domain/entity_list.hpp"

namespace cruddur::sql {

// Not EXISTS: for that PostgreSQL may read all likes of the viewer into a table first.
dialects select_activity(const dialects& source, const std::string& more) {
  return "SELECT a.uuid, u.uuid, u.handle, u.display_name, a.message, a.created_at, "
         "a.expires_at, a.reply_to_uuid, a.root_uuid, a.likes_count, a.replies_count, a.revision, "
         "COALESCE((SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
         "LIMIT 1), 0), a.entities" +
         (more.empty() ? "" : ", " + more) + " FROM " + source +
         " LEFT JOIN users u ON u.uuid = a.user_uuid AND u.removed = 0 ";
}

activity to_activity(const row& columns) {
  activity out;
  out.id = columns.id(0);
  out.deleted = columns.is_null(1);
  if (!out.deleted) {
    out.author = columns.id(1);
    out.handle = columns.text(2);
    out.display_name = columns.text(3);
    out.message = columns.text(4);
    // Written before entities were kept.
    out.entities =
        columns.is_null(13) ? entities_json(find_entities(out.message)) : columns.text(13);
  }
  out.created_at = columns.time(5);
  out.expires_at = columns.time(6);
  out.reply_to = columns.optional_id(7);
  out.root = columns.optional_id(8);
  out.counts = {columns.integer(9), columns.integer(10), columns.integer(11)};
  out.liked = columns.boolean(12);
  return out;
}

std::vector<activity> to_activities(const query_result& found) {
  std::vector<activity> out;
  out.reserve(found.rows.size());
  for (const row& each : found.rows) out.push_back(to_activity(each));
  return out;
}

activity_counts to_counts(const row& columns) {
  return {columns.integer(0), columns.integer(1), columns.integer(2)};
}

std::unexpected<fault> activity_not_found() {
  return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
}

std::unexpected<fault> profile_missing() {
  return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
}

std::unexpected<fault> explain(const driver_error& error) {
  if (error.kind == driver_fault::foreign_key_violation) return profile_missing();
  return std::unexpected<fault>(error);
}

}  // namespace cruddur::sql
