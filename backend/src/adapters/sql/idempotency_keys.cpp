#include "adapters/sql/idempotency_keys.hpp"

namespace cruddur::sql {
namespace {

const statement insert_for_post{
    "insert_key_for_post",
    "INSERT INTO idempotency_keys (user_uuid, token, activity_uuid, forget_at) "
    "SELECT u.uuid, $2, $3, $4 FROM users u WHERE u.uuid = $1 AND u.removed = 0 ON CONFLICT DO "
    "NOTHING"};

const statement insert_for_reply{
    "insert_key_for_reply",
    "INSERT INTO idempotency_keys (user_uuid, token, activity_uuid, forget_at) "
    "SELECT u.uuid, $2, $3, p.expires_at + $4 FROM users u, activities p WHERE u.uuid = $1 "
    "AND u.removed = 0 AND p.uuid = $5 AND p.expires_at > $6 AND p.user_uuid IS NOT NULL ON "
    "CONFLICT DO NOTHING"};

// How it ended: 1 expired, 0 deleted, null while it lives.
const statement select_key{
    "select_idempotency_key",
    "SELECT k.activity_uuid, CASE WHEN k.ended = 'deleted' THEN 0 "
    "WHEN k.ended = 'expired' OR a.uuid IS NULL OR a.expires_at <= $3 THEN 1 END, a.request_mac, "
    "a.slot "
    "FROM idempotency_keys k LEFT JOIN activities a ON a.uuid = k.activity_uuid "
    "WHERE k.user_uuid = $1 AND k.token = $2"};

const statement end_as_deleted{
    "end_key_as_deleted",
    "UPDATE idempotency_keys SET activity_uuid = NULL, ended = 'deleted', forget_at = $4 "
    "WHERE user_uuid = $2 AND token = (SELECT a.client_token FROM activities a "
    "WHERE a.uuid = $1 AND a.user_uuid = $2 AND a.expires_at > $3)"};

const statement select_token{"select_idempotency_token",
                             "SELECT 1 FROM idempotency_keys WHERE user_uuid = $1 AND token = $2"};

const statement delete_overdue{
    "delete_overdue_keys",
    "DELETE FROM idempotency_keys WHERE (user_uuid, token) IN (SELECT user_uuid, token "
    "FROM idempotency_keys WHERE forget_at <= $1 ORDER BY forget_at LIMIT CAST($2 AS bigint))"};

}  // namespace

command take_key_for_post(const new_activity& post, time_point expires_at) {
  return {insert_for_post,
          {post.author, post.key->token, post.id, to_unix_ms(expires_at + remember_key)}};
}

command take_key_for_reply(const new_activity& reply, uuid parent) {
  return {insert_for_reply,
          {reply.author, reply.key->token, reply.id,
           std::int64_t{std::chrono::milliseconds{remember_key}.count()}, parent,
           to_unix_ms(reply.created_at)}};
}

task<result<std::optional<uuid>>> find_key(database& db, content_vault& vault,
                                           const new_activity& asked) {
  const auto found =
      co_await db.read(select_key, {asked.author, asked.key->token, to_unix_ms(asked.created_at)});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::nullopt;
  const row& key = found->rows.front();
  if (!key.is_null(1)) {
    const auto reason = key.boolean(1) ? gone_reason::expired : gone_reason::deleted;
    co_return std::unexpected(activity_gone(reason));
  }
  // Rows of before requests were kept have no MAC.
  if (key.is_null(2) || key.is_null(3)) co_return key.id(0);
  const auto is_same = co_await vault.has_mac(key.integer(3), asked.key->request, key.blob(2));
  if (!is_same) co_return std::unexpected(is_same.error());
  if (*is_same) co_return key.id(0);
  co_return fail(fault_kind::invalid, "idempotency_key_reused",
                 "This Idempotency-Key was used for another request.", "idempotency-key");
}

value request_mac(const new_activity& asked, const content_key& key) {
  if (!asked.key) return null_of_type::bytes;
  return bytes{key.mac(asked.key->request)};
}

command end_key(uuid activity, uuid author, time_point now) {
  return {end_as_deleted, {activity, author, to_unix_ms(now), to_unix_ms(now + remember_key)}};
}

task<result<bool>> knows_key(database& db, uuid author, uuid token) {
  const auto found = co_await db.read(select_token, {author, token});
  if (!found) co_return std::unexpected(found.error());
  co_return !found->rows.empty();
}

task<result<bool>> forget_keys(database& db, time_point now, std::size_t limit) {
  const auto most = static_cast<std::int64_t>(limit);
  const auto done = co_await db.write_one(delete_overdue, {to_unix_ms(now), most});
  if (!done) co_return std::unexpected(done.error());
  co_return done->affected_rows >= most;
}

}  // namespace cruddur::sql
