#include "adapters/sql/activity_queries.hpp"

#include <array>

#include "adapters/sql/sealed_columns.hpp"
#include "base/field_list.hpp"

namespace cruddur::sql {

// Not EXISTS: for that PostgreSQL may read all likes of the viewer into a table first. Where the
// keys stand in the same database, they come with their rows.
dialects select_activity(const dialects& source, const std::string& more) {
  return "SELECT a.uuid, u.uuid, u.handle, u.display_name, a.slot, a.created_at, "
         "a.expires_at, a.reply_to_uuid, a.root_uuid, a.likes_count, a.replies_count, a.revision, "
         "COALESCE((SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
         "LIMIT 1), 0), a.sealed, " +
         key_of("a.slot") + (more.empty() ? "" : ", " + more) + " FROM " + source +
         " LEFT JOIN users u ON u.uuid = a.user_uuid AND u.removed = 0 ";
}

namespace {

// All that is not sealed.
activity read_shell(const row& columns) {
  activity out;
  out.id = columns.id(0);
  out.deleted = columns.is_null(1) || columns.is_null(4);
  if (!out.deleted) {
    out.author = columns.id(1);
    out.handle = columns.text(2);
    out.display_name = columns.text(3);
  }
  out.created_at = columns.time(5);
  out.expires_at = columns.time(6);
  out.reply_to = columns.optional_id(7);
  out.root = columns.optional_id(8);
  out.counts = {columns.integer(9), columns.integer(10), columns.integer(11)};
  out.liked = columns.boolean(12);
  return out;
}

bool read_record(activity& out, std::string_view record) {
  std::array<std::string_view, 2> fields;
  if (!unpack_fields(record, fields)) return false;
  out.message = fields[0];
  out.entities = fields[1];
  return true;
}

}  // namespace

std::string activity_record(std::string_view message, std::string_view entities) {
  return pack_fields({message, entities});
}

task<result<std::vector<opened_activity>>> open_activities(content_vault& vault,
                                                           const query_result& found) {
  std::vector<opened_activity> all;
  std::vector<sealed_record> records;
  all.reserve(found.rows.size());
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    const row& columns = found.rows[i];
    all.push_back({read_shell(columns), i});
    if (all.back().content.deleted) continue;
    records.push_back({.slot = columns.integer(4),
                       .kind = content_kind::activity,
                       .id = columns.id(0),
                       .bytes = columns.blob(13),
                       .key = key_in(columns, 14)});
  }
  const auto texts = co_await vault.open(std::move(records));
  if (!texts) co_return std::unexpected(texts.error());
  auto text = texts->begin();
  std::erase_if(all, [&](opened_activity& each) {
    if (each.content.deleted) return false;
    const auto& record = *text++;
    return !record || !read_record(each.content, *record);
  });
  co_return all;
}

task<result<std::vector<activity>>> open_all(content_vault& vault, const query_result& found) {
  auto opened = co_await open_activities(vault, found);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  std::vector<activity> out;
  out.reserve(opened->size());
  for (opened_activity& each : *opened) out.push_back(std::move(each.content));
  co_return out;
}

activity_counts to_counts(const row& columns) {
  return {columns.integer(0), columns.integer(1), columns.integer(2)};
}

std::unexpected<fault> activity_not_found() {
  return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
}

std::unexpected<fault> activity_lost() {
  return fail(fault_kind::gone, "activity_lost", "This post can't be read any more.");
}

std::unexpected<fault> profile_missing() {
  return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
}

std::unexpected<fault> explain(const driver_error& error) {
  if (error.kind == driver_fault::foreign_key_violation) return profile_missing();
  return std::unexpected<fault>(error);
}

}  // namespace cruddur::sql
