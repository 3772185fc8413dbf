#include "adapters/sql/account_store.hpp"

#include "adapters/sql/account_codes.hpp"
#include "adapters/sql/account_reader.hpp"
#include "adapters/sql/account_removal.hpp"
#include "adapters/sql/email_change.hpp"
#include "adapters/sql/person_records.hpp"

namespace cruddur::sql {
namespace {

// Whoever signs up with an email that nobody has confirmed takes it from who did so before. $1, $2
// the email's MACs, $3, $4 the handle's, $5 the generation, $6 now.
const statement delete_rivals{
    "delete_rivals",
    "DELETE FROM pool_accounts WHERE ((email_mac IN ($1, $2) AND pending_until IS NOT NULL) "
    "OR (handle_mac IN ($3, $4) AND pending_until <= $6)) AND " +
        is_current_index_key("$5")};

const statement insert_account{
    "insert_account",
    "INSERT INTO pool_accounts (email_mac, handle_mac, index_key, uuid, slot, sealed, salt, "
    "sealed_verifier, pending_until, created_at) SELECT " +
        unique_mac("pool_accounts", "email_mac", "$1", "$2") + ", " +
        unique_mac("pool_accounts", "handle_mac", "$3", "$4") +
        ", $5, $6, $7, $8, $9, $10, $11, $12 WHERE " + is_current_index_key("$5")};

const statement update_password{
    "update_password", "UPDATE pool_accounts SET salt = $2, sealed_verifier = $3 WHERE uuid = $1"};

const statement revoke_other_sessions{
    "revoke_other_sessions",
    "UPDATE pool_sessions SET revoked_at = $3 "
    "WHERE account_uuid = $1 AND uuid <> $2 AND revoked_at IS NULL"};

constexpr std::int64_t sweep_batch = 500;  // rows in one transaction

const statement select_reservation{"select_reservation",
                                   "SELECT 1 FROM pool_reserved_handles "
                                   "WHERE handle_mac IN ($1, $2) AND free_at > $3 LIMIT 1"};

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
    "DELETE FROM pool_mail_allowances WHERE destination_mac IN (SELECT destination_mac "
    "FROM pool_mail_allowances WHERE day_full_at <= $1 AND hour_full_at <= $1 "
    "LIMIT CAST($2 AS bigint))"};
const statement delete_overdue_reservations{
    "delete_overdue_reservations",
    "DELETE FROM pool_reserved_handles WHERE handle_mac IN (SELECT handle_mac "
    "FROM pool_reserved_handles WHERE free_at <= $1 LIMIT CAST($2 AS bigint))"};

// The MACs of an account's names, and what they were made with.
struct account_macs {
  account_macs(const blind_index& index, const account& owner)
      : email{index.macs(name_kind::email, owner.email)},
        handle{index.macs(name_kind::handle, owner.handle)} {}

  parameters values() const {
    return {email.current, email.other, handle.current, handle.other, generation()};
  }

  // Where the key changes between the two, this one is not the current one.
  std::int64_t generation() const { return email.generation; }

  name_macs email;
  name_macs handle;
};

std::string record_of(const account& owner) {
  return to_record(account_names{
      .email = owner.email, .handle = owner.handle, .display_name = owner.display_name});
}

class sql_account_store : public account_store {
 public:
  sql_account_store(database& db, content_vault& vault, blind_index& index)
      : db_{db},
        vault_{vault},
        index_{index},
        reader_{db, vault, index},
        email_change_{db, vault, index} {}

  task<result<>> create(account account, mailed_code code, time_point pending_until) override {
    for (int attempt = 0; attempt < index_key_tries; ++attempt) {
      const auto is_done = co_await try_to_create(account, code, pending_until);
      if (!is_done) co_return std::unexpected(is_done.error());
      if (*is_done) co_return result<>{};
      if (auto read = co_await index_.refresh(); !read) co_return read;
    }
    co_return index_key_busy();
  }

  task<result<std::optional<account>>> find(uuid id, time_point now) override {
    co_return without_slot(co_await reader_.find(id, now));
  }

  task<result<std::optional<account>>> find_by_email(std::string email, time_point now) override {
    co_return without_slot(co_await reader_.find_by_email(std::move(email), now));
  }

  task<result<std::optional<account>>> find_by_handle(std::string handle, time_point now) override {
    co_return without_slot(co_await reader_.find_by_handle(std::move(handle), now));
  }

  uuid stand_in(uuid id) const override { return index_.stand_in(id); }

  task<result<bool>> take_mail(std::string destination, time_point now) override {
    return sql::take_mail(db_, index_.macs(name_kind::destination, destination), now);
  }

  task<result<code_offer>> offer_code(uuid id, mailed_code code, std::string destination,
                                      time_point now) override {
    return sql::offer_code(db_, vault_, index_, id, std::move(code),
                           index_.macs(name_kind::destination, destination), now);
  }

  task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                        time_point now) override {
    return email_change_.address(id, purpose, now);
  }

  task<result<code_outcome>> confirm(uuid id, std::string code_hash, time_point now) override {
    return use_sign_up_code(db_, id, std::move(code_hash), now);
  }

  task<result<code_outcome>> reset_password(uuid id, std::string code_hash, password_proof password,
                                            time_point now) override {
    return use_reset_code(db_, id, std::move(code_hash), std::move(password), now);
  }

  task<result<code_outcome>> change_email(uuid id, std::string code_hash, time_point now) override {
    return email_change_.complete(id, std::move(code_hash), now);
  }

  task<result<>> change_password(uuid id, password_proof password, uuid keep_session,
                                 time_point now) override {
    std::vector<command> commands;
    commands.push_back(
        {update_password, {id, bytes{password.salt}, bytes{password.sealed_verifier}}});
    commands.push_back({revoke_other_sessions, {id, keep_session, to_unix_ms(now)}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<>> remove(uuid id, std::string handle, time_point now) override {
    return remove_account(db_, index_, id, std::move(handle), now);
  }

  task<result<bool>> is_reserved(std::string handle, time_point now) override {
    const name_macs macs = index_.macs(name_kind::handle, handle);
    const auto found =
        co_await db_.read(select_reservation, {macs.current, macs.other, to_unix_ms(now)});
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

  static result<std::optional<account>> without_slot(result<std::optional<found_account>> found) {
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) return std::nullopt;
    return std::move((*found)->account);
  }

  // False when the index key is not the current one any more.
  task<result<bool>> try_to_create(const account& made, const mailed_code& code,
                                   time_point pending_until) {
    auto key = co_await vault_.take(key_term::lasting);
    if (!key) co_return std::unexpected(std::move(key.error()));
    const account_macs macs{index_, made};
    const std::int64_t created = to_unix_ms(made.created_at);
    parameters rivals = macs.values();
    rivals.emplace_back(created);
    parameters inserted = macs.values();
    for (value& each : parameters{made.id, key->slot(),
                                  bytes{key->seal(content_kind::account, made.id, record_of(made))},
                                  bytes{made.password.salt}, bytes{made.password.sealed_verifier},
                                  to_unix_ms(pending_until), created}) {
      inserted.push_back(std::move(each));
    }
    std::vector<command> commands;
    commands.push_back({lock_index_key, {macs.generation()}});
    commands.push_back({delete_rivals, std::move(rivals)});
    commands.push_back({insert_account, std::move(inserted)});
    commands.push_back(put_code_command(made.id, code, made.created_at));
    const auto written = co_await db_.write(std::move(commands));
    if (!written) {
      key->settle(written.error());
      co_return std::unexpected(explain_account_conflict(written.error()));
    }
    const bool is_stored = (*written)[2].affected_rows == 1;
    if (is_stored) {
      key->keep();
    } else {
      key->drop();
    }
    co_return is_stored;
  }

  database& db_;
  content_vault& vault_;
  blind_index& index_;
  account_reader reader_;
  email_change email_change_;
};

}  // namespace

std::unique_ptr<account_store> create_account_store(database& db, content_vault& vault,
                                                    blind_index& index) {
  return std::make_unique<sql_account_store>(db, vault, index);
}

}  // namespace cruddur::sql
