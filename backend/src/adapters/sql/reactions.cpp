#include "adapters/sql/reactions.hpp"

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

const statement insert_like{
    "insert_like",
    "INSERT INTO likes (activity_uuid, user_uuid, created_at) "
    "SELECT a.uuid, u.uuid, $3 FROM activities a, users u WHERE a.uuid = $1 AND u.uuid = $2 "
    "AND u.removed = 0 "
    "AND a.expires_at > $3 AND a.user_uuid IS NOT NULL ON CONFLICT DO NOTHING"};

const statement delete_like{
    "delete_like",
    "DELETE FROM likes WHERE activity_uuid = $1 AND user_uuid = $2 AND EXISTS "
    "(SELECT 1 FROM activities a WHERE a.uuid = $1 AND a.expires_at > $3)"};

// Who likes little is read by the likes; who likes more than $4, replies among them, by the roots:
// either way at most $4 are looked at. The last column: whether it is a live root.
const statement select_newest_likes{
    "select_newest_likes",
    "SELECT l.activity_uuid, COALESCE((SELECT 1 FROM activities a "
    "WHERE a.uuid = l.activity_uuid AND a.root_uuid IS NULL AND a.expires_at > $3 LIMIT 1), 0) "
    "FROM likes l WHERE l.user_uuid = $1 AND l.activity_uuid >= $2 "
    "ORDER BY l.activity_uuid DESC LIMIT CAST($4 AS bigint)"};

const statement select_liked_of_newest_roots{
    "select_liked_of_newest_roots",
    "SELECT a.uuid FROM " + newest_live_root_ids() +
        " WHERE (SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
        "LIMIT 1) = 1"};

// By kind. `newest` reads what few have by the reactions, `of_newest_roots` what many have by the
// roots.
struct reaction_statements {
  const statement& insert;
  const statement& remove;
  const statement& newest;
  const statement& of_newest_roots;
};

const reaction_statements& statements_of(reaction kind) {
  static const reaction_statements all[] = {
      {insert_like, delete_like, select_newest_likes, select_liked_of_newest_roots}};
  return all[static_cast<std::size_t>(kind)];
}

class sql_reactions : public reactions {
 public:
  explicit sql_reactions(database& db) : db_{db} {}

  task<result<reaction_outcome>> set(request_context context, reaction kind, uuid id,
                                     bool is_on) override {
    const statement& change = is_on ? statements_of(kind).insert : statements_of(kind).remove;
    const auto time = to_unix_ms(context.now);
    std::vector<command> commands{
        {lock_activity, {id}},
        {change, {id, *context.viewer, time}},
        {select_counts, {id, time, *context.viewer}},
    };
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    const auto& rows = (*done)[2].rows;
    if (rows.empty()) co_return activity_not_found();
    if (!rows.front().boolean(3)) co_return profile_missing();
    co_return reaction_outcome{to_counts(rows.front()), (*done)[1].affected_rows > 0};
  }

  task<result<std::vector<uuid>>> newest_roots(request_context context, reaction kind, uuid oldest,
                                               std::size_t limit) override {
    const uuid viewer = *context.viewer;
    const auto time = to_unix_ms(context.now);
    const auto most = static_cast<std::int64_t>(limit);
    const auto newest = co_await db_.read(statements_of(kind).newest, {viewer, oldest, time, most});
    if (!newest) co_return std::unexpected(newest.error());
    std::vector<uuid> out;
    if (newest->rows.size() < limit) {
      for (const row& each : newest->rows) {
        if (each.boolean(1)) out.push_back(each.id(0));
      }
      co_return out;
    }
    parameters values{viewer, time, last_uuid, most};
    append_floors(values, context.now, oldest);
    const auto found = co_await db_.read(statements_of(kind).of_newest_roots, std::move(values));
    if (!found) co_return std::unexpected(found.error());
    for (const row& each : found->rows) out.push_back(each.id(0));
    co_return out;
  }

 private:
  database& db_;
};

}  // namespace

std::unique_ptr<reactions> create_reactions(database& db) {
  return std::make_unique<sql_reactions>(db);
}

}  // namespace cruddur::sql
