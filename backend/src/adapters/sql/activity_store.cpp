// The statements of posts, lists, threads and likes, and the store that runs them; removals, keys
// and live roots stand in files of their own. It is one file of over 400 lines as its port is one:
// they are to be divided together, by role.
#include "adapters/sql/activity_store.hpp"

#include <algorithm>
#include <functional>

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/idempotency_keys.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

// An INSERT that finds no author, or whose idempotency key ($6) made another activity, inserts
// nothing; what is stored is then read back.
#define CRUDDUR_IF_KEY_IS_OURS                                                             \
  " AND EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.user_uuid = $2 AND k.token = $6 " \
  "AND k.activity_uuid = $1)"

#define CRUDDUR_INSERT_POST                                                                    \
  "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token, "   \
  "request_mac, entities, lifetime_class) SELECT $1, u.uuid, $3, $4, $5, $6, $7, $8, $9 FROM " \
  "users u WHERE u.uuid = $2 AND u.removed = 0"
constexpr statement insert_post = CRUDDUR_INSERT_POST;
constexpr statement insert_post_once = CRUDDUR_INSERT_POST CRUDDUR_IF_KEY_IS_OURS;

#define CRUDDUR_INSERT_REPLY                                                                 \
  "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token, " \
  "reply_to_uuid, root_uuid, request_mac, entities, lifetime_class) SELECT $1, u.uuid, $3, " \
  "$4, p.expires_at, $6, p.uuid, COALESCE(p.root_uuid, p.uuid), $7, $8, $9 "                 \
  "FROM users u, activities p WHERE u.uuid = $2 AND u.removed = 0 AND p.uuid = $5 "          \
  "AND p.expires_at > $4 AND p.user_uuid IS NOT NULL"
constexpr statement insert_reply = CRUDDUR_INSERT_REPLY;
constexpr statement insert_reply_once = CRUDDUR_INSERT_REPLY CRUDDUR_IF_KEY_IS_OURS;

// $1 the author, $2 the new id, $3 the client token. Two look-ups by key; an OR would be a scan.
const std::string select_created_sql = select_activity() + "WHERE a.uuid = $2";
const statement select_created = select_created_sql.c_str();
const std::string select_created_once_sql =
    select_activity() +
    "WHERE a.uuid = COALESCE((SELECT k.activity_uuid FROM idempotency_keys k "
    "WHERE k.user_uuid = $1 AND k.token = $3), $2)";
const statement select_created_once = select_created_once_sql.c_str();

const std::string select_live_sql = select_activity() + "WHERE a.uuid = $2 AND a.expires_at > $3";
const statement select_live = select_live_sql.c_str();

constexpr statement select_gone =
    "SELECT CASE WHEN reason = 'expired' THEN 1 ELSE 0 END FROM gone_activities WHERE uuid = $1 "
    "UNION ALL SELECT 1 FROM activities WHERE uuid = $1 AND expires_at <= $2";

// $1 the viewer, $2 now, $3 before, $4 how many, $5 … $12 the floors. Not "= 0", by which
// PostgreSQL would expect to pass over nearly all, and sort them instead of reading the index in
// its order.
const live_roots at_home =
    newest_live_roots("(SELECT w.removed FROM users w WHERE w.uuid = a.user_uuid) <> 1");
// newest_first() below puts them in order: SQLite, which gives them so already, would copy all rows
// to be sure of it.
const std::string select_home_of_sqlite = select_activity(at_home.sqlite);
const std::string select_home_of_postgres = select_activity(at_home.postgres);
const statement select_home{select_home_of_sqlite.c_str(), select_home_of_postgres.c_str()};

// $13 the author.
const live_roots of_author = newest_live_roots_of("$13");
const std::string select_by_author_of_sqlite = select_activity(of_author.sqlite);
const std::string select_by_author_of_postgres = select_activity(of_author.postgres);
const statement select_by_author{select_by_author_of_sqlite.c_str(),
                                 select_by_author_of_postgres.c_str()};

const std::string select_ancestors_sql =
    "WITH RECURSIVE up (uuid, parent, distance) AS ("
    "SELECT uuid, reply_to_uuid, 0 FROM activities WHERE uuid = $2 UNION ALL "
    "SELECT p.uuid, p.reply_to_uuid, up.distance + 1 FROM up JOIN activities p "
    "ON p.uuid = up.parent WHERE up.distance < CAST($4 AS bigint)) " +
    select_activity("up JOIN activities a ON a.uuid = up.uuid") +
    "WHERE up.distance > 0 AND a.expires_at > $3 ORDER BY up.distance DESC";
const statement select_ancestors = select_ancestors_sql.c_str();

// Breadth first, and no parent hands on more than its oldest $8 children, so that neither a post
// nor a reply that was answered without end makes the reading longer: what is visited is bounded by
// the limits, not by what there is. The last column tells whether anything stands below a reply.
//
// $1 the viewer, $2 the parent, $3 after, $4 of the first level, $5 levels, $6 in all, $7 now.
// SQLite takes all rows of a step before LIMIT counts one of them, so the step itself ends at the
// parent's $8th child.
const std::string select_reply_tree_of_sqlite =
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
const std::string select_reply_tree_of_postgres =
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
const statement select_reply_tree{select_reply_tree_of_sqlite.c_str(),
                                  select_reply_tree_of_postgres.c_str()};

constexpr statement insert_like =
    "INSERT INTO likes (activity_uuid, user_uuid, created_at) "
    "SELECT a.uuid, u.uuid, $3 FROM activities a, users u WHERE a.uuid = $1 AND u.uuid = $2 "
    "AND u.removed = 0 "
    "AND a.expires_at > $3 AND a.user_uuid IS NOT NULL ON CONFLICT DO NOTHING";

constexpr statement delete_like =
    "DELETE FROM likes WHERE activity_uuid = $1 AND user_uuid = $2 AND EXISTS "
    "(SELECT 1 FROM activities a WHERE a.uuid = $1 AND a.expires_at > $3)";

constexpr statement select_counts =
    "SELECT a.likes_count, a.replies_count, a.revision, "
    "CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.uuid = $3 AND u.removed = 0) THEN 1 ELSE 0 "
    "END "
    "FROM activities a WHERE a.uuid = $1 AND a.expires_at > $2 AND a.user_uuid IS NOT NULL";

// Who likes little is read by the likes; who likes more than $4, replies among them, by the roots:
// either way at most $4 are looked at. The last column: whether it is a live root.
constexpr statement select_newest_likes =
    "SELECT l.activity_uuid, COALESCE((SELECT 1 FROM activities a "
    "WHERE a.uuid = l.activity_uuid AND a.root_uuid IS NULL AND a.expires_at > $3 LIMIT 1), 0) "
    "FROM likes l WHERE l.user_uuid = $1 AND l.activity_uuid >= $2 "
    "ORDER BY l.activity_uuid DESC LIMIT CAST($4 AS bigint)";

const live_roots to_like = newest_live_root_ids();
const std::string liked_by_viewer =
    " WHERE (SELECT 1 FROM likes l WHERE l.activity_uuid = a.uuid AND l.user_uuid = $1 "
    "LIMIT 1) = 1";
const std::string select_liked_roots_of_sqlite =
    "SELECT a.uuid FROM " + to_like.sqlite + liked_by_viewer;
const std::string select_liked_roots_of_postgres =
    "SELECT a.uuid FROM " + to_like.postgres + liked_by_viewer;
const statement select_liked_of_newest_roots{select_liked_roots_of_sqlite.c_str(),
                                             select_liked_roots_of_postgres.c_str()};

constexpr statement select_next_expiry =
    "SELECT expires_at FROM activities WHERE root_uuid IS NULL AND ending <> 2 "
    "ORDER BY expires_at LIMIT 1";

constexpr statement delete_gone{
    "DELETE FROM gone_activities WHERE uuid IN (SELECT uuid FROM gone_activities "
    "WHERE gone_at < $1 ORDER BY gone_at LIMIT CAST($2 AS bigint))",
    "DELETE FROM gone_activities WHERE uuid = ANY (ARRAY (SELECT uuid FROM gone_activities "
    "WHERE gone_at < $1 ORDER BY gone_at LIMIT CAST($2 AS bigint)))"};
constexpr statement delete_ended{
    "DELETE FROM ended_people WHERE uuid IN (SELECT uuid FROM ended_people "
    "WHERE ended_at < $1 ORDER BY ended_at LIMIT CAST($2 AS bigint))",
    "DELETE FROM ended_people WHERE uuid = ANY (ARRAY (SELECT uuid FROM ended_people "
    "WHERE ended_at < $1 ORDER BY ended_at LIMIT CAST($2 AS bigint)))"};
constexpr std::int64_t forget_batch = 1000;  // rows in one transaction

// Past every id there is.
constexpr uuid last_uuid{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                          0xff, 0xff, 0xff, 0xff}};

std::int64_t count(std::size_t number) {
  return static_cast<std::int64_t>(number);
}

std::unexpected<fault> not_found() {
  return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
}

std::unexpected<fault> profile_missing() {
  return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
}

// Locked activities don't go away, so what a foreign key misses can only be the user's row, deleted
// in this moment.
std::unexpected<fault> explain(const driver_error& error) {
  if (error.kind == driver_fault::foreign_key_violation) return profile_missing();
  return std::unexpected<fault>(error);
}

class sql_activity_store : public activity_store {
 public:
  explicit sql_activity_store(database& db) : db_{db} {}

  task<result<activity>> create_post(new_activity post, time_point expires_at) override {
    std::vector<command> commands;
    if (post.key) commands.push_back(take_key_for_post(post, expires_at));
    commands.push_back({post.key ? insert_post_once : insert_post,
                        {post.id, post.author, std::move(post.message), to_unix_ms(post.created_at),
                         to_unix_ms(expires_at), token_of(post), request_mac(post),
                         std::move(post.entities), lifetime_class(post.created_at, expires_at)}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(post));
    if (post.key) commands.push_back(read_key(post));
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    if (post.key) {
      if (auto good = check_key(post, done->back()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    const auto& created = (*done)[created_at].rows;
    if (created.empty()) co_return profile_missing();
    co_return to_activity(created.front());
  }

  task<result<reply_outcome>> create_reply(new_activity reply, uuid parent) override {
    const auto at = to_unix_ms(reply.created_at);
    std::vector<command> commands;
    commands.push_back({lock_activity, {parent}});
    if (reply.key) commands.push_back(take_key_for_reply(reply, parent));
    commands.push_back(
        {reply.key ? insert_reply_once : insert_reply,
         {reply.id, reply.author, std::move(reply.message), at, parent, token_of(reply),
          request_mac(reply), std::move(reply.entities), class_of_replies}});
    const std::size_t created_at = commands.size();
    commands.push_back(created(reply));
    commands.push_back({select_counts, {parent, at, reply.author}});
    if (reply.key) commands.push_back(read_key(reply));
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    if (reply.key) {
      if (auto good = check_key(reply, done->back()); !good) {
        co_return std::unexpected(std::move(good.error()));
      }
    }
    const auto& created = (*done)[created_at].rows;
    const auto& above = (*done)[created_at + 1].rows;
    if (created.empty()) {
      if (above.empty()) co_return not_found();
      co_return profile_missing();
    }
    // Of a repeated request the parent may have ended meanwhile.
    co_return reply_outcome{to_activity(created.front()), parent,
                            above.empty() ? activity_counts{} : counts_of(above.front())};
  }

  task<result<activity_lookup>> find(uuid id, std::optional<uuid> viewer, time_point now) override {
    const auto live = co_await db_.read(select_live, {from_optional(viewer), id, to_unix_ms(now)});
    if (!live) co_return std::unexpected(live.error());
    if (!live->rows.empty()) co_return activity_lookup{to_activity(live->rows.front()), {}};
    const auto gone = co_await db_.read(select_gone, {id, to_unix_ms(now)});
    if (!gone) co_return std::unexpected(gone.error());
    if (gone->rows.empty()) co_return activity_lookup{};
    co_return activity_lookup{
        {}, gone->rows.front().boolean(0) ? gone_reason::expired : gone_reason::deleted};
  }

  task<result<std::vector<activity>>> home(page_request page, std::optional<uuid> viewer,
                                           time_point now) override {
    co_return newest_first(co_await db_.read(select_home, page_of_roots(page, viewer, now)));
  }

  task<result<std::vector<activity>>> by_author(uuid author, page_request page,
                                                std::optional<uuid> viewer,
                                                time_point now) override {
    parameters values = page_of_roots(page, viewer, now);
    values.emplace_back(author);
    co_return newest_first(co_await db_.read(select_by_author, std::move(values)));
  }

  task<result<std::vector<activity>>> ancestors(uuid id, std::optional<uuid> viewer, time_point now,
                                                std::size_t limit) override {
    co_return all(co_await db_.read(select_ancestors,
                                    {from_optional(viewer), id, to_unix_ms(now), count(limit)}));
  }

  task<result<std::vector<tree_reply>>> reply_tree(uuid parent, page_request page,
                                                   tree_bounds bounds, std::optional<uuid> viewer,
                                                   time_point now) override {
    const auto found = co_await db_.read(
        select_reply_tree,
        {from_optional(viewer), parent, page.after.value_or(uuid{}), count(page.limit),
         count(bounds.depth), count(bounds.rows), to_unix_ms(now), count(bounds.children)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<tree_reply> out;
    out.reserve(found->rows.size());
    for (const row& each : found->rows) {
      out.push_back({to_activity(each), each.boolean(activity_columns)});
    }
    co_return out;
  }

  task<result<like_outcome>> set_like(uuid id, uuid user, bool liked, time_point now) override {
    const auto at = to_unix_ms(now);
    std::vector<command> commands{
        {lock_activity, {id}},
        {liked ? insert_like : delete_like, {id, user, at}},
        {select_counts, {id, at, user}},
    };
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return explain(done.error());
    const auto& rows = (*done)[2].rows;
    if (rows.empty()) co_return not_found();
    if (!rows.front().boolean(3)) co_return profile_missing();
    co_return like_outcome{counts_of(rows.front()), (*done)[1].affected_rows > 0};
  }

  task<result<std::vector<uuid>>> liked_roots(uuid user, uuid oldest, std::size_t limit,
                                              time_point now) override {
    const auto likes =
        co_await db_.read(select_newest_likes, {user, oldest, to_unix_ms(now), count(limit)});
    if (!likes) co_return std::unexpected(likes.error());
    std::vector<uuid> out;
    if (likes->rows.size() < limit) {
      for (const row& each : likes->rows) {
        if (each.boolean(1)) out.push_back(each.id(0));
      }
      co_return out;
    }
    parameters values{user, to_unix_ms(now), last_uuid, count(limit)};
    append_floors(values, now, oldest);
    const auto liked = co_await db_.read(select_liked_of_newest_roots, std::move(values));
    if (!liked) co_return std::unexpected(liked.error());
    for (const row& each : liked->rows) out.push_back(each.id(0));
    co_return out;
  }

  task<result<removal_outcome>> remove(activity what, time_point now) override {
    return remove_activity(db_, std::move(what), now);
  }

  task<result<>> remove_author(uuid author, time_point now) override {
    return sql::remove_author(db_, author, now);
  }

  task<result<sweep_outcome>> sweep(time_point now, std::size_t limit) override {
    return sweep_activities(db_, now, limit);
  }

  task<result<clear_outcome>> clear_removed(time_point now, std::size_t limit) override {
    return sql::clear_removed(db_, now, limit);
  }

  task<result<std::optional<time_point>>> next_expiry() override {
    const auto found = co_await db_.read(select_next_expiry, {});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return std::nullopt;
    co_return found->rows.front().time(0);
  }

  task<result<>> forget_gone(time_point before) override {
    for (const statement& each : {delete_gone, delete_ended}) {
      for (bool more = true; more;) {
        const auto done = co_await db_.write_one(each, {to_unix_ms(before), forget_batch});
        if (!done) co_return std::unexpected(done.error());
        more = done->affected_rows == forget_batch;
      }
    }
    co_return result<>{};
  }

  task<result<bool>> knows_key(uuid author, uuid token) override {
    return sql::knows_key(db_, author, token);
  }

  task<result<bool>> forget_keys(time_point now, std::size_t limit) override {
    return sql::forget_keys(db_, now, limit);
  }

  task<result<bool>> purge() override { co_return co_await db_.purge("activities"); }

 private:
  static parameters page_of_roots(page_request page, std::optional<uuid> viewer, time_point now) {
    parameters values{from_optional(viewer), to_unix_ms(now), page.after.value_or(last_uuid),
                      count(page.limit)};
    append_floors(values, now);
    return values;
  }

  static command created(const new_activity& asked) {
    if (!asked.key) return {select_created, {asked.author, asked.id}};
    return {select_created_once, {asked.author, asked.id, asked.key->token}};
  }

  static value token_of(const new_activity& asked) {
    return asked.key ? value{asked.key->token} : value{null_of_type::uuid};
  }

  static activity_counts counts_of(const row& from) {
    return {from.integer(0), from.integer(1), from.integer(2)};
  }

  static result<std::vector<activity>> all(driver_result<query_result> found) {
    if (!found) return std::unexpected(std::move(found.error()));
    return to_activities(*found);
  }

  static result<std::vector<activity>> newest_first(driver_result<query_result> found) {
    auto out = all(std::move(found));
    if (out) std::ranges::sort(*out, std::greater{}, &activity::id);
    return out;
  }

  database& db_;
};

}  // namespace

std::unique_ptr<activity_store> create_activity_store(database& db) {
  return std::make_unique<sql_activity_store>(db);
}

}  // namespace cruddur::sql
