#include "adapters/sql/account_reader.hpp"

#include "adapters/sql/person_records.hpp"
#include "adapters/sql/sealed_columns.hpp"

namespace cruddur::sql {
namespace {

const dialects live_account =
    dialects{"SELECT uuid, slot, sealed, "} + key_of("pool_accounts.slot") +
    ", email_verified, salt, sealed_verifier, pending_until, created_at FROM pool_accounts "
    "WHERE (pending_until IS NULL OR pending_until > $2) AND ";
const statement select_by_id{"select_account", live_account + "uuid = $1"};
const statement select_by_email{"select_account_by_email", live_account + "email_mac IN ($1, $3)"};
const statement select_by_handle{"select_account_by_handle",
                                 live_account + "handle_mac IN ($1, $3)"};

account read_account(const row& row, account_names names) {
  return {
      .id = row.id(0),
      .email = std::move(names.email),
      .email_verified = row.boolean(4),
      .handle = std::move(names.handle),
      .display_name = std::move(names.display_name),
      .password = {row.blob(5), row.blob(6)},
      .status = row.is_null(7) ? account_status::confirmed : account_status::unconfirmed,
      .created_at = row.time(8),
  };
}

}  // namespace

task<result<std::optional<found_account>>> account_reader::open(driver_result<query_result> found) {
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->rows.empty()) {
    if (auto opened = co_await index_.open_decoy(); !opened) {
      co_return std::unexpected(std::move(opened.error()));
    }
    co_return std::nullopt;
  }
  const row& first = found->rows.front();
  const auto opened = co_await vault_.open({{.slot = first.integer(1),
                                             .kind = content_kind::account,
                                             .id = first.id(0),
                                             .bytes = first.blob(2),
                                             .key = key_in(first, 3)}});
  if (!opened) co_return std::unexpected(opened.error());
  auto names = opened->front() ? read_account_names(*opened->front()) : std::nullopt;
  // Lost, or ended while it was read.
  if (!names) co_return std::nullopt;
  co_return found_account{read_account(first, std::move(*names)), first.integer(1)};
}

task<result<std::optional<found_account>>> account_reader::find(uuid id, time_point now) {
  co_return co_await open(co_await db_.read(select_by_id, {id, to_unix_ms(now)}));
}

task<result<std::optional<found_account>>> account_reader::find_by_email(std::string email,
                                                                         time_point now) {
  return find_by_name(select_by_email, name_kind::email, std::move(email), now);
}

task<result<std::optional<found_account>>> account_reader::find_by_handle(std::string handle,
                                                                          time_point now) {
  return find_by_name(select_by_handle, name_kind::handle, std::move(handle), now);
}

task<result<std::optional<found_account>>> account_reader::find_by_name(const statement& select,
                                                                        name_kind kind,
                                                                        std::string name,
                                                                        time_point now) {
  const auto read = [&] {
    name_macs macs = index_.macs(kind, name);
    return db_.read(select, {std::move(macs.current), to_unix_ms(now), std::move(macs.other)});
  };
  auto found = co_await read();
  if (found && found->rows.empty()) {
    const auto changed = co_await index_.refresh_if_old();
    if (!changed) co_return std::unexpected(changed.error());
    if (*changed) found = co_await read();
  }
  co_return co_await open(std::move(found));
}

}  // namespace cruddur::sql
