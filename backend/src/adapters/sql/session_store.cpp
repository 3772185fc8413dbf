#include "adapters/sql/session_store.hpp"

namespace cruddur::sql {
namespace {

const statement insert_session{
    "insert_session",
    "INSERT INTO pool_sessions (uuid, account_uuid, refresh_hash, signed_in_at, rotated_at, "
    "expires_at) VALUES ($1, $2, $3, $4, $4, $5)"};

const statement insert_challenge{
    "insert_challenge", "INSERT INTO pool_used_challenges (nonce, expires_at) VALUES ($1, $2)"};

const statement select_session{
    "select_session",
    "SELECT uuid, account_uuid, refresh_hash, previous_hash, signed_in_at, rotated_at, expires_at "
    "FROM pool_sessions WHERE uuid = $1 AND revoked_at IS NULL AND expires_at > $2"};

const statement rotate_token{
    "rotate_token",
    "UPDATE pool_sessions SET previous_hash = refresh_hash, refresh_hash = $3, rotated_at = $4 "
    "WHERE uuid = $1 AND refresh_hash = $2 AND revoked_at IS NULL AND expires_at > $4"};

const statement revoke_session{
    "revoke_session",
    "UPDATE pool_sessions SET revoked_at = $2 WHERE uuid = $1 AND revoked_at IS NULL"};

const statement revoke_account{
    "revoke_account",
    "UPDATE pool_sessions SET revoked_at = $2 WHERE account_uuid = $1 AND revoked_at IS NULL"};

const statement settle_token{
    "settle_token",
    "UPDATE pool_sessions SET previous_hash = NULL "
    "WHERE uuid = $1 AND refresh_hash = $2 AND previous_hash IS NOT NULL AND revoked_at IS NULL"};

// The trigger sessions_revoked fills the table.
const statement select_revoked{
    "select_revoked",
    "SELECT r.epoch, s.session_uuid, s.version FROM pool_revocations r "
    "LEFT JOIN pool_revoked_sessions s ON s.version > $1 AND s.until > $2 "
    "ORDER BY s.version LIMIT CAST($3 AS bigint)"};
const statement delete_overdue_revocations{
    "delete_overdue_revocations",
    "DELETE FROM pool_revoked_sessions WHERE session_uuid IN (SELECT session_uuid "
    "FROM pool_revoked_sessions WHERE until <= $1 LIMIT CAST($2 AS bigint))"};

constexpr std::int64_t sweep_batch = 500;  // rows in one transaction
const statement delete_overdue_sessions{
    "delete_overdue_sessions",
    "DELETE FROM pool_sessions WHERE uuid IN (SELECT uuid FROM pool_sessions "
    "WHERE expires_at <= $1 LIMIT CAST($2 AS bigint))"};
// What the revocation means to others stands in pool_revoked_sessions.
const statement delete_revoked_sessions{
    "delete_revoked_sessions",
    "DELETE FROM pool_sessions WHERE uuid IN (SELECT uuid FROM pool_sessions "
    "WHERE revoked_at <= $1 LIMIT CAST($2 AS bigint))"};
const statement delete_overdue_challenges{
    "delete_overdue_challenges",
    "DELETE FROM pool_used_challenges WHERE nonce IN (SELECT nonce FROM pool_used_challenges "
    "WHERE expires_at <= $1 LIMIT CAST($2 AS bigint))"};

session read_session(const row& row) {
  return {.id = row.id(0),
          .account_id = row.id(1),
          .refresh_hash = row.blob(2),
          .previous_hash = row.is_null(3) ? std::string{} : row.blob(3),
          .signed_in_at = row.time(4),
          .rotated_at = row.time(5),
          .expires_at = row.time(6)};
}

result<> explain(const driver_result<std::vector<query_result>>& written) {
  if (written) return {};
  if (written.error().kind == driver_fault::unique_violation) {
    return fail(fault_kind::conflict, "challenge_used", "That challenge has served already.");
  }
  return std::unexpected(written.error());
}

class sql_session_store : public session_store {
 public:
  explicit sql_session_store(database& db) : db_{db} {}

  task<result<>> open(session session, std::optional<challenge_use> challenge) override {
    std::vector<command> commands;
    if (challenge) commands.push_back(spend_command(std::move(*challenge)));
    commands.push_back({insert_session,
                        {session.id, session.account_id, bytes{std::move(session.refresh_hash)},
                         to_unix_ms(session.signed_in_at), to_unix_ms(session.expires_at)}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<>> spend(challenge_use challenge) override {
    std::vector<command> commands;
    commands.push_back(spend_command(std::move(challenge)));
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<std::optional<session>>> find(uuid id, time_point now) override {
    const auto found = co_await db_.read(select_session, {id, to_unix_ms(now)});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return std::nullopt;
    co_return read_session(found->rows.front());
  }

  task<result<rotation_outcome>> rotate(uuid id, std::string presented_hash,
                                        std::string successor_hash, time_point now) override {
    const auto rotated = co_await db_.write_one(
        rotate_token, {id, bytes{presented_hash}, bytes{successor_hash}, to_unix_ms(now)});
    if (!rotated) co_return std::unexpected(rotated.error());
    if (rotated->affected_rows == 1) co_return rotation_outcome::rotated;

    const auto held = co_await find(id, now);
    if (!held) co_return std::unexpected(held.error());
    if (!*held) co_return rotation_outcome::gone;
    const session& current = **held;
    if (current.previous_hash == presented_hash && current.refresh_hash == successor_hash) {
      co_return rotation_outcome::repeated;
    }
    const auto revoked = co_await revoke(id, now);
    if (!revoked) co_return std::unexpected(revoked.error());
    co_return rotation_outcome::reused;
  }

  task<result<>> revoke(uuid id, time_point now) override {
    const auto done = co_await db_.write_one(revoke_session, {id, to_unix_ms(now)});
    if (!done) co_return std::unexpected(done.error());
    co_return result<>{};
  }

  task<result<>> revoke_all(uuid account_id, time_point now) override {
    const auto done = co_await db_.write_one(revoke_account, {account_id, to_unix_ms(now)});
    if (!done) co_return std::unexpected(done.error());
    co_return result<>{};
  }

  task<result<>> settle(uuid id, std::string current_hash) override {
    const auto done = co_await db_.write_one(settle_token, {id, bytes{std::move(current_hash)}});
    if (!done) co_return std::unexpected(done.error());
    co_return result<>{};
  }

  task<result<revocations>> revoked_since(std::int64_t version, time_point now,
                                          std::size_t limit) override {
    const auto found = co_await db_.read(
        select_revoked, {version, to_unix_ms(now), static_cast<std::int64_t>(limit)});
    if (!found) co_return std::unexpected(found.error());
    revocations out{0, {}, found->rows.size() == limit};
    for (const row& each : found->rows) {
      out.version = each.integer(0);
      if (!each.is_null(1)) out.sessions.push_back(each.id(1));
    }
    out.more = out.more && !out.sessions.empty();
    if (out.more) out.version = found->rows.back().integer(2);
    co_return out;
  }

  task<result<>> sweep(time_point now) override {
    for (const statement* each : {&delete_overdue_sessions, &delete_revoked_sessions,
                                  &delete_overdue_challenges, &delete_overdue_revocations}) {
      for (bool more = true; more;) {
        const auto done = co_await db_.write_one(*each, {to_unix_ms(now), sweep_batch});
        if (!done) co_return std::unexpected(done.error());
        more = done->affected_rows == sweep_batch;
      }
    }
    co_return result<>{};
  }

 private:
  static command spend_command(challenge_use challenge) {
    return {insert_challenge,
            {bytes{std::move(challenge.nonce)}, to_unix_ms(challenge.expires_at)}};
  }

  database& db_;
};

}  // namespace

std::unique_ptr<session_store> create_session_store(database& db) {
  return std::make_unique<sql_session_store>(db);
}

}  // namespace cruddur::sql
