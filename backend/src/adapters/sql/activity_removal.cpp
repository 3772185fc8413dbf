#include "adapters/sql/activity_removal.hpp"

#include "adapters/sql/activity_queries.hpp"

namespace cruddur::sql {
namespace {

// A removal is one transaction of guarded commands: the first that fits (row or tombstone) does the
// work, the other finds nothing.

constexpr statement remember_deleted =
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT a.uuid, 'deleted', $3 FROM activities a WHERE a.uuid = $1 AND a.user_uuid = $2 "
    "AND a.expires_at > $3 "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = a.uuid) "
    "ON CONFLICT (uuid) DO NOTHING";

constexpr statement delete_childless =
    "DELETE FROM activities WHERE uuid = $1 AND user_uuid = $2 AND expires_at > $3 "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid)";

constexpr statement unlike_tombstone =
    "DELETE FROM likes WHERE activity_uuid IN "
    "(SELECT uuid FROM activities WHERE uuid = $1 AND user_uuid = $2 AND expires_at > $3)";

constexpr statement make_tombstone =
    "UPDATE activities SET user_uuid = NULL, message = '', entities = NULL, client_token = NULL, "
    "revision = revision + 1 WHERE uuid = $1 AND user_uuid = $2 AND expires_at > $3";

// The tombstones above $1, nearest first, that stand above nothing any more.
const std::string emptied_tombstones =
    "WITH RECURSIVE emptied (uuid, parent) AS ("
    "SELECT p.uuid, p.reply_to_uuid FROM activities p WHERE p.uuid = $1 AND p.user_uuid IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = p.uuid) "
    "UNION ALL "
    "SELECT p.uuid, p.reply_to_uuid FROM emptied e JOIN activities p ON p.uuid = e.parent "
    "WHERE p.user_uuid IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM activities r WHERE r.reply_to_uuid = p.uuid AND r.uuid <> e.uuid)) ";

const std::string remember_emptied_sql =
    emptied_tombstones +
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT uuid, 'deleted', $2 FROM emptied WHERE true ON CONFLICT (uuid) DO NOTHING";

const std::string delete_emptied_sql =
    emptied_tombstones + "DELETE FROM activities WHERE uuid IN (SELECT uuid FROM emptied)";

const statement remember_emptied = remember_emptied_sql.c_str();
const statement delete_emptied = delete_emptied_sql.c_str();

constexpr statement select_counts =
    "SELECT p.uuid, p.likes_count, p.replies_count, p.revision FROM activities p WHERE p.uuid = $1";

// An author's likes go one by one through the trigger, so counts stay true.
constexpr statement delete_likes_of = "DELETE FROM likes WHERE user_uuid = $1";

constexpr statement remember_deleted_of =
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT a.uuid, 'deleted', $2 FROM activities a WHERE a.user_uuid = $1 "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = a.uuid) "
    "ON CONFLICT (uuid) DO NOTHING";

constexpr statement delete_childless_of =
    "DELETE FROM activities WHERE user_uuid = $1 "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid)";

constexpr statement unlike_tombstones_of =
    "DELETE FROM likes WHERE activity_uuid IN (SELECT uuid FROM activities WHERE user_uuid = $1)";

constexpr statement make_tombstones_of =
    "UPDATE activities SET user_uuid = NULL, message = '', entities = NULL, client_token = NULL, "
    "revision = revision + 1 WHERE user_uuid = $1";

constexpr statement delete_profile = "DELETE FROM users WHERE uuid = $1";

// The roots of one sweep, chosen anew by each of its commands and the same each time, being one
// transaction. $1 now, $2 how many.
const std::string expired_roots =
    "(SELECT uuid FROM activities WHERE root_uuid IS NULL AND expires_at <= $1 "
    "ORDER BY expires_at, uuid LIMIT CAST($2 AS bigint))";

// What of their likes and replies one sweep takes, at most $3 of each. A reply waits until it has
// no likes, a root until it has neither: so no transaction is long, however loved a post was.
const std::string liked_root =
    "SELECT l.activity_uuid, l.user_uuid FROM likes l "
    "WHERE l.activity_uuid IN " +
    expired_roots;
const std::string liked_reply =
    "SELECT l.activity_uuid, l.user_uuid FROM activities r JOIN likes l ON l.activity_uuid = "
    "r.uuid "
    "WHERE r.root_uuid IN " +
    expired_roots;
const std::string delete_expired_likes_sql =
    "DELETE FROM likes WHERE (activity_uuid, user_uuid) IN (SELECT * FROM (" + liked_root +
    " UNION ALL " + liked_reply + ") l LIMIT CAST($3 AS bigint))";

const std::string unliked =
    " AND NOT EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = activities.uuid) ";
const std::string expired_replies = "(SELECT uuid FROM activities WHERE root_uuid IN " +
                                    expired_roots + unliked +
                                    "ORDER BY uuid LIMIT CAST($3 AS bigint))";

const std::string remember_expired_replies_sql =
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT uuid, 'expired', expires_at FROM activities WHERE uuid IN " +
    expired_replies + " ON CONFLICT (uuid) DO NOTHING";

const std::string delete_expired_replies_sql =
    "DELETE FROM activities WHERE uuid IN " + expired_replies;

const std::string bare_root =
    " AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.root_uuid = activities.uuid) ";

const std::string remember_expired_roots_sql =
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT uuid, 'expired', expires_at FROM activities WHERE uuid IN " +
    expired_roots + bare_root + unliked + "ON CONFLICT (uuid) DO NOTHING";

const std::string delete_expired_roots_sql = "DELETE FROM activities WHERE uuid IN " +
                                             expired_roots + bare_root + unliked +
                                             "RETURNING uuid, expires_at";

const statement delete_expired_likes = delete_expired_likes_sql.c_str();
const statement remember_expired_replies = remember_expired_replies_sql.c_str();
const statement delete_expired_replies = delete_expired_replies_sql.c_str();
const statement remember_expired_roots = remember_expired_roots_sql.c_str();
const statement delete_expired_roots = delete_expired_roots_sql.c_str();

constexpr statement any_expired =
    "SELECT 1 FROM activities WHERE root_uuid IS NULL AND expires_at <= $1 LIMIT 1";

}  // namespace

task<result<removal_outcome>> remove_activity(database& db, activity what, time_point now) {
  const auto at = to_unix_ms(now);
  const uuid parent = what.reply_to.value_or(uuid{});
  std::vector<command> commands{
      {lock_activity, {what.id}},
      {remember_deleted, {what.id, what.author, at}},
      {delete_childless, {what.id, what.author, at}},
      {unlike_tombstone, {what.id, what.author, at}},
      {make_tombstone, {what.id, what.author, at}},
      {remember_emptied, {parent, at}},
      {delete_emptied, {parent}},
      {select_counts, {parent}},
  };
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  const bool deleted = (*done)[2].affected_rows > 0;
  if (!deleted && (*done)[4].affected_rows == 0) {
    co_return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
  }
  removal_outcome out{.tombstone = !deleted, .parent = {}, .parent_counts = {}};
  if (const auto& rows = (*done)[7].rows; !rows.empty()) {
    out.parent = parent;
    out.parent_counts = {rows[0].integer(1), rows[0].integer(2), rows[0].integer(3)};
  }
  co_return out;
}

task<result<>> remove_author(database& db, uuid author, time_point now) {
  std::vector<command> commands{
      {delete_likes_of, {author}},     {remember_deleted_of, {author, to_unix_ms(now)}},
      {delete_childless_of, {author}}, {unlike_tombstones_of, {author}},
      {make_tombstones_of, {author}},  {delete_profile, {author}},
  };
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<activity_store::sweep_outcome>> sweep_activities(database& db, time_point now,
                                                             std::size_t limit) {
  const auto at = to_unix_ms(now);
  const auto roots = static_cast<std::int64_t>(limit);
  const std::int64_t replies = roots * 10;
  std::vector<command> commands{
      {delete_expired_likes, {at, roots, replies}},
      {remember_expired_replies, {at, roots, replies}},
      {delete_expired_replies, {at, roots, replies}},
      {remember_expired_roots, {at, roots}},
      {delete_expired_roots, {at, roots}},
      {any_expired, {at}},
  };
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  activity_store::sweep_outcome out{.roots = {}, .more = !(*done)[5].rows.empty()};
  for (const row& each : (*done)[4].rows) out.roots.push_back({each.id(0), each.time(1)});
  co_return out;
}

}  // namespace cruddur::sql
