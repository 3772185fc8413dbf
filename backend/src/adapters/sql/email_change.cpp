#include "adapters/sql/email_change.hpp"

#include "adapters/sql/account_codes.hpp"
#include "adapters/sql/person_records.hpp"
#include "adapters/sql/sealed_columns.hpp"

namespace cruddur::sql {
namespace {

// $1 … $4 as code_parameters(), $5 the account's slot, $6 the new one, $7 sealed, $8, $9 the
// email's MACs, $10, $11 the handle's, $12 the generation, $13 the code's slot.
const statement set_email{
    "set_email",
    "UPDATE pool_accounts SET email_verified = 1, slot = $6, sealed = $7, email_mac = " +
        unique_mac("pool_accounts", "email_mac", "$8", "$9", "$1") +
        ", handle_mac = " + unique_mac("pool_accounts", "handle_mac", "$10", "$11", "$1") +
        ", index_key = $12 "
        "WHERE uuid = $1 AND slot = $5 AND " +
        is_current_index_key("$12") + " AND " + code_is_good() +
        " AND EXISTS (SELECT 1 FROM pool_codes WHERE account_uuid = $1 AND purpose = $2 "
        "AND slot = $13)"};

// The account has the new slot, $5.
const std::string has_changed =
    "EXISTS (SELECT 1 FROM pool_accounts WHERE uuid = $1 AND slot = $5)";

// A reset code that went to the old address proves nothing any more. 1 is
// code_purpose::password_reset.
const statement drop_reset_code{
    "drop_reset_code", "DELETE FROM pool_codes WHERE account_uuid = $1 AND purpose = 1 AND " +
                           has_changed + " AND " + code_is_good()};

const statement spend_email_code{
    "spend_email_code",
    "UPDATE pool_codes SET used = 1 WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
    "AND expires_at > $4 AND used = 0 AND " +
        has_changed};

}  // namespace

task<result<std::optional<std::string>>> email_change::open_address(uuid id, const row& code) {
  if (code.is_null(3)) co_return std::nullopt;
  auto opened = co_await vault_.open({{.slot = code.integer(3),
                                       .kind = content_kind::code,
                                       .id = id,
                                       .bytes = code.blob(4),
                                       .key = key_in(code, 5)}});
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::move(opened->front());
}

task<result<std::optional<std::string>>> email_change::address(uuid id, code_purpose purpose,
                                                               time_point now) {
  const auto found = co_await db_.read(select_code, {id, static_cast<std::int64_t>(purpose)});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::nullopt;
  const row& code = found->rows.front();
  if (code.boolean(1) || code.time(2) <= now) co_return std::nullopt;
  co_return co_await open_address(id, code);
}

task<result<code_outcome>> email_change::complete(uuid id, std::string code_hash, time_point now) {
  for (int attempt = 0; attempt < index_key_tries; ++attempt) {
    const auto outcome = co_await try_to_complete(id, code_hash, now);
    if (!outcome) co_return std::unexpected(outcome.error());
    if (*outcome) co_return **outcome;
    if (auto read = co_await index_.refresh(); !read) {
      co_return std::unexpected(std::move(read.error()));
    }
  }
  co_return index_key_busy();
}

task<result<std::optional<code_outcome>>> email_change::try_to_complete(
    uuid id, const std::string& code_hash, time_point now) {
  const auto base = code_parameters(id, code_purpose::email_change, code_hash, now);
  auto found = co_await accounts_.find(id, now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  const auto waiting = co_await db_.read(select_code, {base[0], base[1]});
  if (!waiting) co_return std::unexpected(waiting.error());
  std::optional<std::string> address;
  if (*found && !refusal_of(*waiting, code_hash, now)) {
    auto opened = co_await open_address(id, waiting->rows.front());
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    address = std::move(*opened);
  }
  if (!address) {
    const auto counted = co_await db_.write_one(count_code_try, {});
    if (!counted) co_return std::unexpected(counted.error());
    co_return refusal_of(*waiting, code_hash, now).value_or(code_outcome::wrong);
  }

  const account& old = (*found)->account;
  auto key = co_await vault_.take(key_term::lasting);
  if (!key) co_return std::unexpected(std::move(key.error()));
  // Where the key changes between the two, the first one's generation is not the current one.
  const name_macs email = index_.macs(name_kind::email, *address);
  const name_macs handle = index_.macs(name_kind::handle, old.handle);
  const std::string record = to_record(
      account_names{.email = *address, .handle = old.handle, .display_name = old.display_name});
  parameters change = base;
  for (value& each :
       parameters{(*found)->slot, key->slot(), bytes{key->seal(content_kind::account, id, record)},
                  email.current, email.other, handle.current, handle.other, email.generation,
                  waiting->rows.front().integer(3)}) {
    change.push_back(std::move(each));
  }
  parameters changed = base;
  changed.emplace_back(key->slot());
  std::vector<command> commands;
  commands.push_back({lock_index_key, {email.generation}});
  commands.push_back({count_code_try, {}});
  commands.push_back({select_code, {base[0], base[1]}});
  commands.push_back({set_email, std::move(change)});
  commands.push_back({drop_reset_code, changed});
  commands.push_back({spend_email_code, std::move(changed)});
  const auto written = co_await db_.write(std::move(commands));
  if (!written) {
    key->settle(written.error());
    co_return std::unexpected(explain_account_conflict(written.error()));
  }
  if ((*written)[3].affected_rows == 1) {
    key->keep();
    co_return code_outcome::accepted;
  }
  key->drop();
  co_return refusal_of((*written)[2], code_hash, now);
}

}  // namespace cruddur::sql
