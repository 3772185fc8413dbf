#include "adapters/sql/account_store.hpp"

#include "adapters/sql/account_codes.hpp"
#include "adapters/sql/activity_removal.hpp"

namespace cruddur::sql {
namespace {

// Whoever signs up with an email that nobody has confirmed takes it from who did so before.
const statement delete_rivals{
    "delete_rivals",
    "DELETE FROM pool_accounts WHERE (email = $1 AND pending_until IS NOT NULL) "
    "OR (handle = $2 AND pending_until <= $3)"};

// The handle of a person who is being removed is free when that is done.
const statement insert_account{
    "insert_account",
    "INSERT INTO pool_accounts (uuid, email, handle, display_name, salt, sealed_verifier, "
    "pending_until, created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8 "
    "WHERE NOT EXISTS (SELECT 1 FROM users WHERE handle = $3 AND removed = 1)"};

const std::string live_account =
    "SELECT uuid, email, email_verified, handle, display_name, salt, sealed_verifier, "
    "pending_until, created_at FROM pool_accounts "
    "WHERE (pending_until IS NULL OR pending_until > $2) AND ";
const statement select_by_id{"select_account", live_account + "uuid = $1"};
const statement select_by_email{"select_account_by_email", live_account + "email = $1"};
const statement select_by_handle{"select_account_by_handle", live_account + "handle = $1"};

const statement update_password{
    "update_password", "UPDATE pool_accounts SET salt = $2, sealed_verifier = $3 WHERE uuid = $1"};

const statement revoke_other_sessions{
    "revoke_other_sessions",
    "UPDATE pool_sessions SET revoked_at = $3 "
    "WHERE account_uuid = $1 AND uuid <> $2 AND revoked_at IS NULL"};

const statement delete_codes{"delete_account_codes",
                             "DELETE FROM pool_codes WHERE account_uuid = $1"};
const statement delete_tries{"delete_account_tries",
                             "DELETE FROM pool_sign_in_tries WHERE account_uuid = $1"};

const statement reserve_handle{
    "reserve_handle",
    "INSERT INTO pool_reserved_handles (handle, free_at) SELECT $1, $2 FROM pool_accounts "
    "WHERE uuid = $3 ON CONFLICT (handle) DO UPDATE SET free_at = excluded.free_at"};

const statement select_reservation{
    "select_reservation", "SELECT 1 FROM pool_reserved_handles WHERE handle = $1 AND free_at > $2"};

// Its sessions and known places go with it.
const statement delete_account{"delete_account", "DELETE FROM pool_accounts WHERE uuid = $1"};

constexpr std::int64_t sweep_batch = 500;  // rows in one transaction

const statement revoke_some_sessions{
    "revoke_some_sessions",
    "UPDATE pool_sessions SET revoked_at = $3 WHERE uuid IN (SELECT uuid FROM pool_sessions "
    "WHERE account_uuid = $1 AND revoked_at IS NULL LIMIT CAST($2 AS bigint))"};
const statement delete_some_sessions{
    "delete_some_sessions",
    "DELETE FROM pool_sessions WHERE uuid IN (SELECT uuid FROM pool_sessions "
    "WHERE account_uuid = $1 AND revoked_at IS NOT NULL LIMIT CAST($2 AS bigint))"};
const statement revoke_sessions{
    "revoke_account_sessions",
    "UPDATE pool_sessions SET revoked_at = $2 WHERE account_uuid = $1 AND revoked_at IS NULL"};
// Rows are locked in one order everywhere: codes, account, sessions, revocations.
const statement lock_account{"lock_account",
                             {"SELECT 1 FROM pool_accounts WHERE uuid = $1",
                              "SELECT 1 FROM pool_accounts WHERE uuid = $1 FOR UPDATE"}};

// What is over at $1, $2 rows at most.
const statement delete_overdue_accounts{
    "delete_overdue_accounts",
    "DELETE FROM pool_accounts WHERE uuid IN (SELECT uuid FROM pool_accounts "
    "WHERE pending_until <= $1 LIMIT CAST($2 AS bigint))"};
// A code that is over may get a new end as long as it is young: made after $3.
const statement delete_overdue_codes{
    "delete_overdue_codes",
    "DELETE FROM pool_codes WHERE (account_uuid, purpose) IN (SELECT account_uuid, purpose "
    "FROM pool_codes WHERE expires_at <= $1 AND made_at <= $3 LIMIT CAST($2 AS bigint))"};
const statement delete_whole_allowances{
    "delete_whole_allowances",
    "DELETE FROM pool_mail_allowances WHERE destination IN (SELECT destination "
    "FROM pool_mail_allowances WHERE day_full_at <= $1 AND hour_full_at <= $1 "
    "LIMIT CAST($2 AS bigint))"};
const statement delete_overdue_reservations{
    "delete_overdue_reservations",
    "DELETE FROM pool_reserved_handles WHERE handle IN (SELECT handle FROM pool_reserved_handles "
    "WHERE free_at <= $1 LIMIT CAST($2 AS bigint))"};

account read_account(const row& row) {
  return {
      .id = row.id(0),
      .email = row.text(1),
      .email_verified = row.boolean(2),
      .handle = row.text(3),
      .display_name = row.text(4),
      .password = {row.blob(5), row.blob(6)},
      .status = row.is_null(7) ? account_status::confirmed : account_status::unconfirmed,
      .created_at = row.time(8),
  };
}

result<std::optional<account>> one_account(driver_result<query_result> found) {
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->rows.empty()) return std::nullopt;
  return read_account(found->rows.front());
}

class sql_account_store : public account_store {
 public:
  explicit sql_account_store(database& db) : db_{db} {}

  task<result<>> create(account account, mailed_code code, time_point pending_until) override {
    const std::int64_t created = to_unix_ms(account.created_at);
    std::vector<command> commands;
    commands.push_back({delete_rivals, {account.email, account.handle, created}});
    commands.push_back({insert_account,
                        {account.id, account.email, account.handle, account.display_name,
                         bytes{account.password.salt}, bytes{account.password.sealed_verifier},
                         to_unix_ms(pending_until), created}});
    commands.push_back(put_code_command(account.id, std::move(code), account.created_at));
    auto written = co_await db_.write(std::move(commands));
    if (written && (*written)[1].affected_rows == 0) {
      co_return fail(fault_kind::conflict, "handle_taken", "Somebody has that handle already.",
                     "handle");
    }
    co_return explain(std::move(written));
  }

  task<result<std::optional<account>>> find(uuid id, time_point now) override {
    co_return one_account(co_await db_.read(select_by_id, {id, to_unix_ms(now)}));
  }

  task<result<std::optional<account>>> find_by_email(std::string email, time_point now) override {
    co_return one_account(co_await db_.read(select_by_email, {std::move(email), to_unix_ms(now)}));
  }

  task<result<std::optional<account>>> find_by_handle(std::string handle, time_point now) override {
    co_return one_account(
        co_await db_.read(select_by_handle, {std::move(handle), to_unix_ms(now)}));
  }

  task<result<bool>> take_mail(std::string destination, time_point now) override {
    return sql::take_mail(db_, std::move(destination), now);
  }

  task<result<code_offer>> offer_code(uuid id, mailed_code code, std::string destination,
                                      time_point now) override {
    return sql::offer_code(db_, id, std::move(code), std::move(destination), now);
  }

  task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                        time_point now) override {
    return read_code_address(db_, id, purpose, now);
  }

  task<result<code_outcome>> confirm(uuid id, std::string code_hash, time_point now) override {
    return use_sign_up_code(db_, id, std::move(code_hash), now);
  }

  task<result<code_outcome>> reset_password(uuid id, std::string code_hash, password_proof password,
                                            time_point now) override {
    return use_reset_code(db_, id, std::move(code_hash), std::move(password), now);
  }

  task<result<code_outcome>> change_email(uuid id, std::string code_hash, time_point now) override {
    return use_email_code(db_, id, std::move(code_hash), now);
  }

  task<result<>> change_password(uuid id, password_proof password, uuid keep_session,
                                 time_point now) override {
    std::vector<command> commands;
    commands.push_back(
        {update_password, {id, bytes{password.salt}, bytes{password.sealed_verifier}}});
    commands.push_back({revoke_other_sessions, {id, keep_session, to_unix_ms(now)}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<>> remove(uuid id, std::string reserved_handle, time_point now) override {
    // Signs the person out first, in batches; few sessions are left for the cascade. Revoked before
    // they are deleted, so that every server hears of them.
    for (bool more = true; more;) {
      std::vector<command> batch{{revoke_some_sessions, {id, sweep_batch, to_unix_ms(now)}},
                                 {delete_some_sessions, {id, sweep_batch}}};
      const auto ended = co_await db_.write(std::move(batch));
      if (!ended) co_return std::unexpected(ended.error());
      more =
          ended->front().affected_rows == sweep_batch || ended->back().affected_rows == sweep_batch;
    }
    std::vector<command> commands{{delete_codes, {id}}, {lock_account, {id}}};
    for (command& each : end_identity(id)) commands.push_back(std::move(each));
    commands.push_back({delete_tries, {id}});
    commands.push_back(
        {reserve_handle, {bytes{std::move(reserved_handle)}, to_unix_ms(now + handle_rest), id}});
    commands.push_back({revoke_sessions, {id, to_unix_ms(now)}});
    commands.push_back({delete_account, {id}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<bool>> is_reserved(std::string reserved_handle, time_point now) override {
    const auto found =
        co_await db_.read(select_reservation, {bytes{std::move(reserved_handle)}, to_unix_ms(now)});
    if (!found) co_return std::unexpected(found.error());
    co_return !found->rows.empty();
  }

  task<result<>> sweep(time_point now) override {
    const std::int64_t oldest = to_unix_ms(now - longest_code_life);
    for (const statement* each : {&delete_whole_allowances, &delete_overdue_reservations,
                                  &delete_overdue_codes, &delete_overdue_accounts}) {
      for (bool more = true; more;) {
        parameters values{to_unix_ms(now), sweep_batch};
        if (each == &delete_overdue_codes) values.emplace_back(oldest);
        const auto done = co_await db_.write_one(*each, std::move(values));
        if (!done) co_return std::unexpected(done.error());
        more = done->affected_rows == sweep_batch;
      }
    }
    co_return result<>{};
  }

 private:
  static result<> explain(const driver_result<std::vector<query_result>>& written) {
    if (written) return {};
    return std::unexpected(explain_account_conflict(written.error()));
  }

  database& db_;
};

}  // namespace

std::unique_ptr<account_store> create_account_store(database& db) {
  return std::make_unique<sql_account_store>(db);
}

}  // namespace cruddur::sql
