#include "adapters/sql/activity_queries.hpp"

#include <array>

#include "adapters/sql/person_records.hpp"
#include "adapters/sql/sealed_columns.hpp"
#include "base/field_list.hpp"

namespace cruddur::sql {

namespace {

// All that is not sealed.
activity read_shell(const row& columns) {
  activity out;
  out.id = columns.id(0);
  out.deleted = columns.is_null(1) || columns.is_null(2) || columns.is_null(5);
  if (!out.deleted) out.author = columns.id(1);
  out.created_at = columns.time(8);
  out.expires_at = columns.time(9);
  out.reply_to = columns.optional_id(10);
  out.root = columns.optional_id(11);
  out.counts = {columns.integer(12), columns.integer(13), columns.integer(14)};
  out.liked = columns.boolean(15);
  return out;
}

sealed_record text_of(const row& columns) {
  return {.slot = columns.integer(2),
          .kind = content_kind::activity,
          .id = columns.id(0),
          .bytes = columns.blob(3),
          .key = key_in(columns, 4)};
}

sealed_record author_of(const row& columns) {
  return {.slot = columns.integer(5),
          .kind = content_kind::profile,
          .id = columns.id(1),
          .bytes = columns.blob(6),
          .key = key_in(columns, 7)};
}

bool read_text(activity& out, const std::optional<std::string>& record) {
  std::array<std::string_view, 2> fields;
  if (!record || !unpack_fields(*record, fields)) return false;
  out.message = fields[0];
  out.entities = fields[1];
  return true;
}

bool read_author(activity& out, const std::optional<std::string>& record) {
  auto names = record ? read_profile_names(*record) : std::nullopt;
  if (!names) return false;
  out.handle = std::move(names->handle);
  out.display_name = std::move(names->display_name);
  return true;
}

}  // namespace

// Not EXISTS: for that PostgreSQL may read all likes of the viewer into a table first. Where the
// keys stand in the same database, they come with their rows.
dialects select_activity(const dialects& source, const std::string& more) {
  return "SELECT a.uuid, u.uuid, a.slot, a.sealed, " + key_of("a.slot") + ", u.slot, u.sealed, " +
         key_of("u.slot") +
         ", a.created_at, a.expires_at, a.reply_to_uuid, a.root_uuid, a.likes_count, "
         "a.replies_count, a.revision, "
         "COALESCE((SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
         "LIMIT 1), 0)" +
         (more.empty() ? "" : ", " + more) + " FROM " + source +
         " LEFT JOIN users u ON u.uuid = a.user_uuid AND u.removed = 0 ";
}

task<result<bool>> open_author(content_vault& vault, activity& out, key_slot slot,
                               std::string_view sealed) {
  const auto opened = co_await vault.open(
      {{.slot = slot, .kind = content_kind::profile, .id = out.author, .bytes = sealed}});
  if (!opened) co_return std::unexpected(opened.error());
  co_return read_author(out, opened->front());
}

std::string activity_record(std::string_view message, std::string_view entities) {
  return pack_fields({message, entities});
}

task<result<std::vector<opened_activity>>> open_activities(content_vault& vault,
                                                           const query_result& found) {
  std::vector<opened_activity> all;
  std::vector<sealed_record> records;
  all.reserve(found.rows.size());
  records.reserve(2 * found.rows.size());
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    const row& columns = found.rows[i];
    all.push_back({read_shell(columns), i});
    if (all.back().content.deleted) continue;
    records.push_back(text_of(columns));
    records.push_back(author_of(columns));
  }
  const auto opened = co_await vault.open(std::move(records));
  if (!opened) co_return std::unexpected(opened.error());
  auto next = opened->begin();
  std::erase_if(all, [&](opened_activity& each) {
    if (each.content.deleted) return false;
    const auto& text = *next++;
    const auto& author = *next++;
    return !read_text(each.content, text) || !read_author(each.content, author);
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

std::unexpected<fault> profile_missing() {
  return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
}

std::unexpected<fault> explain(const driver_error& error) {
  if (error.kind == driver_fault::foreign_key_violation) return profile_missing();
  return std::unexpected<fault>(error);
}

}  // namespace cruddur::sql
