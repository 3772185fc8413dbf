#include "adapters/sql/account_removal.hpp"

#include "adapters/sql/activity_removal.hpp"
#include "ports/account_store.hpp"

namespace cruddur::sql {
namespace {

constexpr std::int64_t batch = 500;  // sessions in one transaction

const statement delete_codes{"delete_account_codes",
                             "DELETE FROM pool_codes WHERE account_uuid = $1"};
const statement delete_tries{"delete_account_tries",
                             "DELETE FROM pool_sign_in_tries WHERE account_uuid = $1"};

// The key that the MAC is made with stays until the reservation has lapsed.
const statement reserve_handle{"reserve_handle",
                               "INSERT INTO pool_reserved_handles (handle_mac, index_key, free_at) "
                               "SELECT $1, $2, $3 FROM pool_accounts WHERE uuid = $4 "
                               "ON CONFLICT (handle_mac) DO UPDATE SET free_at = excluded.free_at"};

// Its sessions and known places go with it.
const statement delete_account{"delete_account", "DELETE FROM pool_accounts WHERE uuid = $1"};

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

// Signs the person out in batches, so that few sessions are left for the cascade. They are revoked
// before they are deleted, so that every server hears of them.
task<result<>> sign_out(database& db, uuid id, time_point now) {
  for (bool more = true; more;) {
    std::vector<command> commands{{revoke_some_sessions, {id, batch, to_unix_ms(now)}},
                                  {delete_some_sessions, {id, batch}}};
    const auto ended = co_await db.write(std::move(commands));
    if (!ended) co_return std::unexpected(ended.error());
    more = ended->front().affected_rows == batch || ended->back().affected_rows == batch;
  }
  co_return result<>{};
}

task<driver_result<std::vector<query_result>>> remove(database& db, uuid id,
                                                      const name_macs& handle, time_point now) {
  std::vector<command> commands{{delete_codes, {id}}, {lock_account, {id}}};
  for (command& each : end_identity(id)) commands.push_back(std::move(each));
  commands.push_back({delete_tries, {id}});
  commands.push_back(
      {reserve_handle, {handle.current, handle.generation, to_unix_ms(now + handle_rest), id}});
  commands.push_back({revoke_sessions, {id, to_unix_ms(now)}});
  commands.push_back({delete_account, {id}});
  return db.write(std::move(commands));
}

}  // namespace

task<result<>> remove_account(database& db, blind_index& index, uuid id, std::string handle,
                              time_point now) {
  if (auto done = co_await sign_out(db, id, now); !done) co_return done;
  for (int attempt = 0; attempt < index_key_tries; ++attempt) {
    const auto removed = co_await remove(db, id, index.macs(name_kind::handle, handle), now);
    if (removed) co_return result<>{};
    // The key of the reservation's MAC has ended meanwhile.
    if (removed.error().kind != driver_fault::foreign_key_violation) {
      co_return std::unexpected(removed.error());
    }
    if (auto read = co_await index.refresh(); !read) co_return read;
  }
  co_return index_key_busy();
}

}  // namespace cruddur::sql
