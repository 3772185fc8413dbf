#include "adapters/sql/threads.hpp"

#include "adapters/sql/activity_queries.hpp"

namespace cruddur::sql {
namespace {

const statement select_ancestors{
    "select_ancestors",
    "WITH RECURSIVE up (uuid, parent, distance) AS ("
    "SELECT uuid, reply_to_uuid, 0 FROM activities WHERE uuid = $2 UNION ALL "
    "SELECT p.uuid, p.reply_to_uuid, up.distance + 1 FROM up JOIN activities p "
    "ON p.uuid = up.parent WHERE up.distance < CAST($4 AS bigint)) " +
        select_activity("up JOIN activities a ON a.uuid = up.uuid") +
        "WHERE up.distance > 0 AND a.expires_at > $3 ORDER BY up.distance DESC"};

// Breadth first, and no parent hands on more than its oldest $8 children, so that neither a post
// nor a reply that was answered without end makes the reading longer: what is visited is bounded by
// the limits, not by what there is. The last column tells whether anything stands below a reply.
//
// $1 the viewer, $2 the parent, $3 after, $4 of the first level, $5 levels, $6 in all, $7 now.
// SQLite takes all rows of a step before LIMIT counts one of them, so the step itself ends at the
// parent's $8th child.
const dialects reply_tree_of_sqlite =
    "WITH RECURSIVE below (uuid, level) AS ("
    "SELECT uuid, 1 FROM (SELECT uuid FROM activities WHERE reply_to_uuid = $2 AND uuid > $3 "
    "ORDER BY uuid LIMIT $4) page UNION ALL "
    "SELECT r.uuid, below.level + 1 FROM below JOIN activities r ON r.reply_to_uuid = below.uuid "
    "AND r.uuid <= COALESCE((SELECT k.uuid FROM activities k WHERE k.reply_to_uuid = below.uuid "
    "ORDER BY k.uuid LIMIT 1 OFFSET $8 - 1), x'ffffffffffffffffffffffffffffffff') "
    "WHERE below.level < $5) " +
    select_activity(
        "(SELECT uuid, level FROM below LIMIT $6) b CROSS JOIN activities a ON a.uuid = b.uuid",
        "COALESCE((SELECT 1 FROM activities c WHERE c.reply_to_uuid = a.uuid LIMIT 1), 0)") +
    "WHERE a.expires_at > $7 ORDER BY b.level, a.uuid";

// Where most rows have one parent, PostgreSQL takes any row for a likely child and would walk the
// table for the one of a reply that has none. A range that is one value, in the order of the index
// on (reply_to_uuid, uuid), leaves it no other way. OFFSET 0 keeps it at one look-up a row.
const dialects reply_tree_of_postgres =
    "WITH RECURSIVE below (uuid, level) AS ("
    "SELECT uuid, 1 FROM (SELECT uuid FROM activities WHERE (reply_to_uuid, uuid) > ($2, $3) "
    "AND reply_to_uuid <= $2 ORDER BY reply_to_uuid, uuid LIMIT CAST($4 AS bigint)) page UNION ALL "
    "SELECT r.uuid, below.level + 1 FROM below CROSS JOIN LATERAL "
    "(SELECT k.uuid FROM activities k "
    "WHERE k.reply_to_uuid >= below.uuid AND k.reply_to_uuid <= below.uuid "
    "ORDER BY k.reply_to_uuid, k.uuid LIMIT CAST($8 AS bigint)) r "
    "WHERE below.level < CAST($5 AS bigint)) " +
    select_activity(
        "(SELECT uuid, level FROM below LIMIT CAST($6 AS bigint)) b "
        "CROSS JOIN LATERAL (SELECT * FROM activities x WHERE x.uuid = b.uuid OFFSET 0) a",
        "CASE WHEN (SELECT c.reply_to_uuid FROM activities c WHERE c.reply_to_uuid >= a.uuid "
        "ORDER BY c.reply_to_uuid LIMIT 1) = a.uuid THEN 1 ELSE 0 END") +
    "WHERE a.expires_at > $7 ORDER BY b.level, a.uuid";
const statement select_reply_tree{"select_reply_tree",
                                  {reply_tree_of_sqlite.sqlite, reply_tree_of_postgres.postgres}};

std::int64_t number(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

class sql_threads : public threads {
 public:
  sql_threads(database& db, content_vault& vault) : db_{db}, vault_{vault} {}

  task<result<std::vector<activity>>> ancestors(request_context context, uuid id,
                                                std::size_t limit) override {
    const auto found = co_await db_.read(
        select_ancestors,
        {from_optional(context.viewer), id, to_unix_ms(context.now), number(limit)});
    if (!found) co_return std::unexpected(found.error());
    co_return co_await open_all(vault_, *found);
  }

  task<result<std::vector<tree_reply>>> reply_tree(request_context context, uuid parent,
                                                   page_request wanted,
                                                   tree_bounds bounds) override {
    const auto found = co_await db_.read(
        select_reply_tree, {from_optional(context.viewer), parent, wanted.cursor.value_or(uuid{}),
                            number(wanted.limit), number(bounds.depth), number(bounds.rows),
                            to_unix_ms(context.now), number(bounds.children)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<tree_reply> out;
    auto opened = co_await open_activities(vault_, *found);
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    out.reserve(opened->size());
    for (opened_activity& each : *opened) {
      const bool has_replies = found->rows[each.row].boolean(activity_columns);
      out.push_back({std::move(each.content), has_replies});
    }
    co_return out;
  }

 private:
  database& db_;
  content_vault& vault_;
};

}  // namespace

std::unique_ptr<threads> create_threads(database& db, content_vault& vault) {
  return std::make_unique<sql_threads>(db, vault);
}

}  // namespace cruddur::sql
