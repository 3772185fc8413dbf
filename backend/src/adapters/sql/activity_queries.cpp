#include "adapters/sql/activity_queries.hpp"

#include "domain/entity.hpp"

namespace cruddur::sql {

// Not EXISTS: for that PostgreSQL may read all likes of the viewer into a table first.
std::string select_activity(const std::string& from, const std::string& more) {
  return "SELECT a.uuid, u.uuid, u.handle, u.display_name, a.message, a.created_at, "
         "a.expires_at, a.reply_to_uuid, a.root_uuid, a.likes_count, a.replies_count, a.revision, "
         "COALESCE((SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
         "LIMIT 1), 0), a.entities" +
         (more.empty() ? "" : ", " + more) + " FROM " + from +
         " LEFT JOIN users u ON u.uuid = a.user_uuid AND u.removed = 0 ";
}

activity to_activity(const row& from) {
  activity out;
  out.id = from.id(0);
  out.deleted = from.is_null(1);
  if (!out.deleted) {
    out.author = from.id(1);
    out.handle = from.text(2);
    out.display_name = from.text(3);
    out.message = from.text(4);
    // Written before entities were kept.
    out.entities = from.is_null(13) ? entities_json(find_entities(out.message)) : from.text(13);
  }
  out.created_at = from.time(5);
  out.expires_at = from.time(6);
  out.reply_to = from.optional_id(7);
  out.root = from.optional_id(8);
  out.counts = {from.integer(9), from.integer(10), from.integer(11)};
  out.liked = from.boolean(12);
  return out;
}

std::vector<activity> to_activities(const query_result& from) {
  std::vector<activity> out;
  out.reserve(from.rows.size());
  for (const row& each : from.rows) out.push_back(to_activity(each));
  return out;
}

}  // namespace cruddur::sql
