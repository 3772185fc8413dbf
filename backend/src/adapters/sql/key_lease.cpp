#include "adapters/sql/key_lease.hpp"

#include "adapters/sql/run_blocking.hpp"

namespace cruddur::sql {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Given up by us a little before another may take it.
constexpr std::chrono::seconds margin{5};

const std::string now = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

const statement count_table{"count_key_holder_table",
                            {"SELECT 0", "SELECT count(to_regclass('key_holder'))"}};

const statement take_lease{
    "take_key_lease",
    "INSERT INTO key_holder AS h (id, holder, renewed_at) VALUES (1, $1, " + now +
        ") ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, "
        "renewed_at = excluded.renewed_at WHERE h.holder = excluded.holder "
        "OR h.renewed_at <= excluded.renewed_at - CAST($2 AS bigint) RETURNING 1"};

const statement select_lease{"select_key_lease", "SELECT renewed_at FROM key_holder"};

const statement renew_lease{"renew_key_lease",
                            "UPDATE key_holder SET renewed_at = " + now + " WHERE holder = $1"};

const statement release_lease{"release_key_lease", "DELETE FROM key_holder WHERE holder = $1"};

}  // namespace

result<bool> has_key_leases(database& db) {
  const auto tables = run_blocking(db.read(count_table, {}));
  if (!tables) return std::unexpected(tables.error());
  return tables->rows.at(0).integer(0) != 0;
}

// Counted from before the question, so that we give it up before the database does.
void key_lease::extend(steady_clock::time_point asked_at) {
  good_until_.store(
      duration_cast<milliseconds>((asked_at + length - margin).time_since_epoch()).count());
}

bool key_lease::is_good() const {
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count() <
         good_until_.load();
}

task<result<std::optional<std::int64_t>>> key_lease::take() {
  const auto asked_at = steady_clock::now();
  const auto taken = co_await db_.write_one(
      take_lease, {holder_, std::int64_t{duration_cast<milliseconds>(length).count()}});
  if (!taken) co_return std::unexpected(taken.error());
  if (!taken->rows.empty()) {
    extend(asked_at);
    co_return std::nullopt;
  }
  const auto found = co_await db_.read(select_lease, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.empty() ? 0 : found->rows.front().integer(0);
}

task<result<bool>> key_lease::renew() {
  const auto asked_at = steady_clock::now();
  const auto done = co_await db_.write_one(renew_lease, {holder_});
  if (!done) co_return std::unexpected(done.error());
  if (done->affected_rows == 0) {
    good_until_.store(0);
    co_return false;
  }
  extend(asked_at);
  co_return true;
}

task<result<>> key_lease::release() {
  good_until_.store(0);
  const auto done = co_await db_.write_one(release_lease, {holder_});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace cruddur::sql
