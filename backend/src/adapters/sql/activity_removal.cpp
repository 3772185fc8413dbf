#include "adapters/sql/activity_removal.hpp"

#include <set>

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/batch_queries.hpp"
#include "adapters/sql/idempotency_keys.hpp"
#include "adapters/sql/live_roots.hpp"

namespace cruddur::sql {
namespace {

const std::string hide = std::string{hide_activities} + " WHERE ";

// A removal is one transaction of guarded commands: the first that fits (row or tombstone) does the
// work, the other finds nothing.

const statement remember_deleted{
    "remember_deleted",
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT a.uuid, 'deleted', $3 FROM activities a WHERE a.uuid = $1 AND a.user_uuid = $2 "
    "AND a.expires_at > $3 "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = a.uuid) "
    "ON CONFLICT (uuid) DO NOTHING"};

// Its likes go with it, $4 at most.
const statement delete_childless{
    "delete_childless",
    "DELETE FROM activities WHERE uuid = $1 AND user_uuid = $2 AND expires_at > $3 "
    "AND likes_count <= CAST($4 AS bigint) "
    "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid)"};

const statement make_tombstone{
    "make_tombstone", hide + "uuid = $1 AND user_uuid = $2 AND expires_at > $3 RETURNING ending"};

const statement delete_some_likes_of{
    "delete_some_likes_of",
    {"DELETE FROM likes WHERE (activity_uuid, user_uuid) IN (SELECT l.activity_uuid, l.user_uuid "
     "FROM activities a CROSS JOIN likes l WHERE a.uuid = $1 AND a.ending > 0 "
     "AND l.activity_uuid = a.uuid LIMIT CAST($2 AS bigint))",
     "DELETE FROM likes WHERE ctid = ANY (ARRAY (SELECT l.ctid "
     "FROM activities a CROSS JOIN likes l WHERE a.uuid = $1 AND a.ending > 0 "
     "AND l.activity_uuid = a.uuid LIMIT CAST($2 AS bigint)))"}};

const statement settle_one{
    "settle_one",
    "UPDATE activities SET ending = 0 WHERE uuid = $1 AND ending = 1 "
    "AND NOT EXISTS (SELECT 1 FROM likes l WHERE l.activity_uuid = activities.uuid)"};

// The tombstones above $1, nearest first, that stand above nothing any more: 500 at most, the rest
// stays until the thread ends.
const std::string emptied_tombstones =
    "WITH RECURSIVE emptied (uuid, parent, height) AS ("
    "SELECT p.uuid, p.reply_to_uuid, 1 FROM activities p WHERE p.uuid = $1 "
    "AND p.user_uuid IS NULL AND p.ending = 0 AND NOT EXISTS (SELECT 1 FROM activities r WHERE "
    "r.reply_to_uuid = p.uuid) "
    "UNION ALL "
    "SELECT p.uuid, p.reply_to_uuid, e.height + 1 FROM emptied e JOIN activities p "
    "ON p.uuid = e.parent WHERE e.height < 500 AND p.user_uuid IS NULL AND p.ending = 0 AND NOT "
    "EXISTS "
    "(SELECT 1 FROM activities r WHERE r.reply_to_uuid = p.uuid AND r.uuid <> e.uuid)) ";

const statement remember_emptied{
    "remember_emptied",
    emptied_tombstones +
        "INSERT INTO gone_activities (uuid, reason, gone_at) "
        "SELECT uuid, 'deleted', $2 FROM emptied WHERE true ON CONFLICT (uuid) DO NOTHING"};

const statement delete_emptied{
    "delete_emptied",
    emptied_tombstones + "DELETE FROM activities WHERE uuid IN (SELECT uuid FROM emptied)"};

const statement select_parent_counts{"select_parent_counts",
                                     "SELECT p.uuid, p.likes_count, p.replies_count, p.revision "
                                     "FROM activities p WHERE p.uuid = $1"};

// An account's end: the mark hides everything of the person, and what follows deletes it.
// $1 an identity, or the id of its profile.
const dialects present{"CAST(strftime('%s', 'now') AS bigint) * 1000",
                       "CAST(extract(epoch FROM now()) * 1000 AS bigint)"};
const dialects end_people = "INSERT INTO ended_people (uuid, ended_at) SELECT ";
const statement remember_ended_identity{"remember_ended_identity",
                                        end_people + "$1, " + present + " WHERE true" + once};
const statement remember_ended_person{
    "remember_ended_person",
    end_people + "identity_id, " + present + " FROM users WHERE uuid = $1" + once};
const std::string remove_person = std::string{remove_people} + " WHERE removed = 0 AND ";
const statement mark_removed_identity{"mark_removed_identity", remove_person + "identity_id = $1"};
const statement mark_removed{"mark_removed", remove_person + "uuid = $1"};

// $1 the person, $2 how many activities, $3 now or how many likes.
const dialects their_activities = "SELECT uuid FROM activities WHERE user_uuid = $1 " + is_ours +
                                  "ORDER BY " + order_of_author + " LIMIT CAST($2 AS bigint)";
const statement remember_theirs{
    "remember_theirs",
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT uuid, 'deleted', $3 FROM activities WHERE " +
        uuid_in(their_activities) +
        "AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.reply_to_uuid = activities.uuid)" +
        once};
const statement hide_theirs{"hide_theirs", hide + uuid_in(their_activities)};
// These go through the trigger one by one, so the counts of what they liked stay true.
const statement delete_their_likes{
    "delete_their_likes",
    delete_likes("FROM likes l WHERE l.user_uuid = $1 AND $2 > 0 " + is_ours)};
const statement delete_person{
    "delete_person",
    "DELETE FROM users WHERE uuid = $1 AND removed = 1 "
    "AND NOT EXISTS (SELECT 1 FROM likes l WHERE l.user_uuid = users.uuid) "
    "AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.user_uuid = users.uuid) " +
        is_ours + "RETURNING uuid"};

// Of all that is marked; $1 and $3 how many.
const statement delete_ending_likes{
    "delete_ending_likes", delete_likes("FROM activities a CROSS JOIN likes l WHERE a.ending > 0 "
                                        "AND l.activity_uuid = a.uuid AND CAST($1 AS bigint) > 0 " +
                                        is_ours)};
const statement settle_tombstones{
    "settle_tombstones",
    "UPDATE activities SET ending = 0 WHERE " +
        uuid_in("SELECT uuid FROM activities WHERE ending > 0 AND ending = 1 " + is_ours + unliked +
                "LIMIT CAST($1 AS bigint)")};
const statement delete_ending{
    "delete_ending", "DELETE FROM activities WHERE " +
                         uuid_in("SELECT uuid FROM activities WHERE ending > 0 AND ending = 2 " +
                                 is_ours + unliked + "LIMIT CAST($1 AS bigint)") +
                         "RETURNING reply_to_uuid"};

const statement any_removed{
    "any_removed",
    "SELECT uuid FROM (SELECT uuid FROM users WHERE removed = 1 ORDER BY uuid LIMIT 1) person "
    "UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM activities WHERE ending > 0)"};

constexpr std::size_t first_batch = 1000;  // rows of a removal that are deleted at once

std::int64_t number(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

}  // namespace

task<result<removal_outcome>> remove_activity(database& db, activity removed, time_point now) {
  const auto time = to_unix_ms(now);
  const auto likes = number(first_batch);
  const uuid parent = removed.reply_to.value_or(uuid{});
  std::vector<command> commands{
      {lock_activity, {removed.id}},
      end_key(removed.id, removed.author, now),
      {remember_deleted, {removed.id, removed.author, time}},
      {delete_childless, {removed.id, removed.author, time, likes}},
      {make_tombstone, {removed.id, removed.author, time}},
      {delete_some_likes_of, {removed.id, likes}},
      {settle_one, {removed.id}},
      {remember_emptied, {parent, time}},
      {delete_emptied, {parent}},
      {select_parent_counts, {parent}},
  };
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  const auto& marked = (*done)[4].rows;
  if ((*done)[3].affected_rows == 0 && marked.empty()) {
    co_return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
  }
  removal_outcome out{.tombstone = !marked.empty() && marked.front().integer(0) != 2,
                      .parent = {},
                      .parent_counts = {}};
  if (const auto& rows = (*done)[9].rows; !rows.empty()) {
    out.parent = parent;
    out.parent_counts = {rows[0].integer(1), rows[0].integer(2), rows[0].integer(3)};
  }
  co_return out;
}

std::vector<command> end_identity(uuid identity) {
  return {{remember_ended_identity, {identity}}, {mark_removed_identity, {identity}}};
}

task<result<>> remove_author(database& db, uuid author, time_point now) {
  std::vector<command> mark{{remember_ended_person, {author}}, {mark_removed, {author}}};
  auto marked = co_await db.write(std::move(mark));
  if (!marked) co_return std::unexpected(std::move(marked.error()));
  // Most accounts end with this; after a failure, or where more is left, the sweeper goes on.
  static_cast<void>(co_await clear_removed(db, now, first_batch));
  co_return result<>{};
}

namespace {

// One transaction. The parents of replies that went are left for clear_tombstones().
task<driver_result<std::vector<query_result>>> clear_marked(database& db, uuid person,
                                                            time_point now, std::size_t limit) {
  const auto rows = number(limit);
  const auto time = to_unix_ms(now);
  std::vector<command> commands{
      {claim_sweep, {}},
      {delete_their_likes, {person, rows, rows}},
      {remember_theirs, {person, rows, time}},
      {hide_theirs, {person, rows, time}},
      {delete_ending_likes, {rows, null_of_type::integer, rows}},
      {settle_tombstones, {rows}},
      {delete_ending, {rows}},
      {delete_person, {person}},
  };
  return db.write(std::move(commands));
}

task<result<>> clear_tombstones(database& db, uuid parent, time_point now) {
  std::vector<command> commands{
      {lock_activity, {parent}},
      {remember_emptied, {parent, to_unix_ms(now)}},
      {delete_emptied, {parent}},
  };
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace

task<result<clear_outcome>> clear_removed(database& db, time_point now, std::size_t limit) {
  const auto marked = co_await db.read(any_removed, {});
  if (!marked) co_return std::unexpected(marked.error());
  clear_outcome out;
  if (marked->rows.empty()) co_return out;
  const row& first = marked->rows.front();
  const auto done = co_await clear_marked(db, first.is_null(0) ? uuid{} : first.id(0), now, limit);
  if (!done) co_return std::unexpected(done.error());
  if (done->front().rows.front().text(0) != "true") co_return out;
  std::set<uuid> parents;
  for (const row& each : (*done)[6].rows) {
    if (const auto parent = each.optional_id(0)) parents.insert(*parent);
  }
  for (const uuid& each : parents) {
    const auto cleared = co_await clear_tombstones(db, each, now);
    if (!cleared) co_return std::unexpected(cleared.error());
  }
  for (const row& each : (*done)[7].rows) out.people.push_back(each.id(0));
  const auto left = co_await db.read(any_removed, {});
  if (!left) co_return std::unexpected(left.error());
  out.more = !left->rows.empty();
  co_return out;
}

}  // namespace cruddur::sql
