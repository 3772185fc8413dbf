#include "adapters/sql/retention.hpp"

#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/batch_queries.hpp"
#include "adapters/sql/idempotency_keys.hpp"
#include "adapters/sql/migrations.hpp"

namespace cruddur::sql {
namespace {

const statement select_next_expiry{
    "select_next_expiry",
    "SELECT expires_at FROM activities WHERE root_uuid IS NULL AND ending <> 2 "
    "ORDER BY expires_at LIMIT 1"};

const statement delete_gone{
    "delete_gone",
    {"DELETE FROM gone_activities WHERE uuid IN (SELECT uuid FROM gone_activities "
     "WHERE gone_at < $1 ORDER BY gone_at LIMIT CAST($2 AS bigint))",
     "DELETE FROM gone_activities WHERE uuid = ANY (ARRAY (SELECT uuid FROM gone_activities "
     "WHERE gone_at < $1 ORDER BY gone_at LIMIT CAST($2 AS bigint)))"}};
const statement delete_ended{
    "delete_ended",
    {"DELETE FROM ended_people WHERE uuid IN (SELECT uuid FROM ended_people "
     "WHERE ended_at < $1 ORDER BY ended_at LIMIT CAST($2 AS bigint))",
     "DELETE FROM ended_people WHERE uuid = ANY (ARRAY (SELECT uuid FROM ended_people "
     "WHERE ended_at < $1 ORDER BY ended_at LIMIT CAST($2 AS bigint)))"}};
constexpr std::int64_t forget_batch = 1000;  // rows in one transaction

// The roots of one sweep, chosen anew by each of its commands and the same each time, being one
// transaction. $1 now, $2 how many. What was removed by its author goes another way.
const dialects expired_roots =
    "SELECT uuid FROM activities WHERE root_uuid IS NULL AND expires_at <= $1 AND ending <> 2 " +
    is_ours + "ORDER BY expires_at, uuid LIMIT CAST($2 AS bigint)";

// What of their likes and replies one sweep takes, at most $3 of each. A reply waits until it has
// no likes, a root until it has neither: so no transaction is long, however loved a post was.
const dialects expired_likes =
    dialects{"FROM (SELECT l.activity_uuid, l.user_uuid ",
             "FROM (SELECT l.activity_uuid, l.user_uuid, l.ctid "} +
    "FROM likes l WHERE l.activity_uuid IN (" + expired_roots +
    dialects{") UNION ALL SELECT l.activity_uuid, l.user_uuid ",
             ") UNION ALL SELECT l.activity_uuid, l.user_uuid, l.ctid "} +
    "FROM activities r JOIN likes l ON l.activity_uuid = r.uuid "
    "WHERE r.root_uuid IN (" +
    expired_roots + ")) l";

// Once marked, an activity is not written for each like that it loses.
const statement mark_expired{
    "mark_expired",
    "UPDATE activities SET ending = -1 WHERE ending = 0 AND " +
        uuid_in("SELECT l.activity_uuid " + expired_likes + " LIMIT CAST($3 AS bigint)")};
const statement delete_expired_likes{"delete_expired_likes", delete_likes(expired_likes)};

const dialects expired_replies = "SELECT uuid FROM activities WHERE root_uuid IN (" +
                                 expired_roots + ")" + unliked +
                                 "ORDER BY uuid LIMIT CAST($3 AS bigint)";

constexpr auto remember_expired =
    "INSERT INTO gone_activities (uuid, reason, gone_at) "
    "SELECT uuid, 'expired', expires_at FROM activities WHERE ";
const statement remember_expired_replies{"remember_expired_replies",
                                         remember_expired + uuid_in(expired_replies) + once};
const statement delete_expired_replies{"delete_expired_replies",
                                       "DELETE FROM activities WHERE " + uuid_in(expired_replies)};

constexpr auto bare_root =
    " AND NOT EXISTS (SELECT 1 FROM activities r WHERE r.root_uuid = activities.uuid) ";
const statement remember_expired_roots{
    "remember_expired_roots",
    remember_expired + uuid_in(expired_roots) + bare_root + unliked + once};
const statement delete_expired_roots{
    "delete_expired_roots", "DELETE FROM activities WHERE " + uuid_in(expired_roots) + bare_root +
                                unliked + "RETURNING uuid, expires_at"};

const statement any_expired{
    "any_expired",
    "SELECT 1 FROM activities WHERE root_uuid IS NULL AND expires_at <= $1 AND ending <> 2 " +
        is_ours + "LIMIT 1"};

constexpr auto end_keys =
    "UPDATE idempotency_keys SET activity_uuid = NULL, ended = 'expired' WHERE (user_uuid, token) "
    "IN (SELECT user_uuid, client_token FROM activities WHERE ";
const statement end_keys_of_replies{"end_keys_of_replies",
                                    end_keys + uuid_in(expired_replies) + ")"};
const statement end_keys_of_roots{"end_keys_of_roots",
                                  end_keys + uuid_in(expired_roots) + bare_root + unliked + ")"};

class sql_retention : public retention {
 public:
  explicit sql_retention(database& db) : db_{db}, tables_{tables_of(migrations_for(db.kind()))} {}

  task<result<std::optional<time_point>>> next_expiry() override {
    const auto found = co_await db_.read(select_next_expiry, {});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return std::nullopt;
    co_return found->rows.front().time(0);
  }

  task<result<sweep_outcome>> sweep(time_point now, std::size_t limit) override {
    const auto time = to_unix_ms(now);
    const auto roots = static_cast<std::int64_t>(limit);
    const std::int64_t replies = roots * 10;
    std::vector<command> commands{
        {claim_sweep, {}},
        {mark_expired, {time, roots, replies}},
        {delete_expired_likes, {time, roots, replies}},
        {remember_expired_replies, {time, roots, replies}},
        {end_keys_of_replies, {time, roots, replies}},
        {delete_expired_replies, {time, roots, replies}},
        {remember_expired_roots, {time, roots}},
        {end_keys_of_roots, {time, roots}},
        {delete_expired_roots, {time, roots}},
        {any_expired, {time}},
    };
    const auto done = co_await db_.write(std::move(commands));
    if (!done) co_return std::unexpected(done.error());
    sweep_outcome out{.roots = {},
                      .more = !(*done)[9].rows.empty(),
                      .elsewhere = (*done)[0].rows.front().text(0) != "true"};
    for (const row& each : (*done)[8].rows) out.roots.push_back({each.id(0), each.time(1)});
    co_return out;
  }

  task<result<clear_outcome>> clear_removed(time_point now, std::size_t limit) override {
    return sql::clear_removed(db_, now, limit);
  }

  task<result<>> forget_gone(time_point horizon) override {
    for (const statement* each : {&delete_gone, &delete_ended}) {
      for (bool more = true; more;) {
        const auto done = co_await db_.write_one(*each, {to_unix_ms(horizon), forget_batch});
        if (!done) co_return std::unexpected(done.error());
        more = done->affected_rows == forget_batch;
      }
    }
    co_return result<>{};
  }

  task<result<bool>> forget_keys(time_point now, std::size_t limit) override {
    return sql::forget_keys(db_, now, limit);
  }

  task<result<bool>> purge() override { co_return co_await db_.purge(tables_); }

 private:
  database& db_;
  const std::vector<std::string> tables_;
};

}  // namespace

std::unique_ptr<retention> create_retention(database& db) {
  return std::make_unique<sql_retention>(db);
}

}  // namespace cruddur::sql
