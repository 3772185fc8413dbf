#include "adapters/sql/sign_in_tries.hpp"

namespace cruddur::sql {
namespace {

// A try is the upsert of its place's row, which changes only if the try may be made; whether it
// changed is the answer. The row's lock makes tries at one place go one by one, on whichever server
// they come, so each sees the one before. `free_at` is when the place's lock-out ends. For a place
// that the account knows its own row decides. An unknown place also needs room in the sum of all
// unknown places of the account, which may be passed by as many tries as come at once.
//
// $1 account, $2 place, $3 vouched, $4 now; $5, $6 and $7: before what time a place is not known
// any more, a try is forgotten, and an unknown place may try again after its pause. 100 is
// unknown_free_tries, 2000 unknown_max_tries.
const std::string is_known =
    "($3 = 1 OR EXISTS (SELECT 1 FROM pool_known_places AS k "
    "WHERE k.account_uuid = $1 AND k.place = $2 AND k.seen_at > $5))";
const std::string tries_of_strangers =
    "(SELECT coalesce(sum(s.tries), 0) FROM pool_sign_in_tries AS s "
    "WHERE s.account_uuid = $1 AND s.known = 0 AND s.tried_at > $6)";

// The ladder of sign_in_bounds, in milliseconds. `tries` is SQL for the tries before this one in a
// row, less what is free.
std::string lock_out_after(const std::string& tries) {
  std::string out = "CASE WHEN " + tries + " < 4 THEN 0 ";
  for (int step = 0; step < 10; ++step) {
    out += "WHEN " + tries + " = " + std::to_string(4 + step) + " THEN " +
           std::to_string(1000 << step) + " ";
  }
  return out + "ELSE 900000 END";
}

const statement count_try{
    "count_sign_in_try",
    "INSERT INTO pool_sign_in_tries AS t (account_uuid, place, known, tries, tried_at, free_at) "
    "SELECT $1, $2, CASE WHEN " +
        is_known + " THEN 1 ELSE 0 END, 1, $4, $4 WHERE " + is_known + " OR " + tries_of_strangers +
        " < 2000 "
        "ON CONFLICT (account_uuid, place) DO UPDATE SET known = excluded.known, "
        "tries = CASE WHEN t.tried_at <= $6 THEN 1 ELSE t.tries + 1 END, tried_at = $4, "
        "free_at = CASE WHEN t.tried_at <= $6 THEN $4 "
        "WHEN excluded.known = 1 THEN $4 + " +
        lock_out_after("(t.tries - 5)") + " ELSE $4 + " + lock_out_after("t.tries") +
        " END WHERE t.free_at <= $4 AND (excluded.known = 1 OR t.tried_at <= $7 OR " +
        tries_of_strangers + " < 100)"};

const statement forgive{"forgive_sign_in_tries",
                        "DELETE FROM pool_sign_in_tries WHERE account_uuid = $1 AND place = $2"};

const statement remember{
    "remember_place",
    "INSERT INTO pool_known_places (account_uuid, place, seen_at) "
    "SELECT uuid, $2, $3 FROM pool_accounts WHERE uuid = $1 "
    "ON CONFLICT (account_uuid, place) DO UPDATE SET seen_at = excluded.seen_at"};

// 20 is known_places.
const statement forget_oldest{
    "forget_oldest_place",
    "DELETE FROM pool_known_places WHERE account_uuid = $1 AND place NOT IN ("
    "SELECT place FROM pool_known_places WHERE account_uuid = $1 "
    "ORDER BY seen_at DESC, place LIMIT 20)"};

const statement take_back{"take_back_sign_in_try",
                          "UPDATE pool_sign_in_tries SET tries = tries - 1, free_at = tried_at "
                          "WHERE account_uuid = $1 AND place = $2 AND tries > 0"};

constexpr std::int64_t sweep_batch = 500;  // rows in one transaction
const statement delete_old_tries{
    "delete_old_sign_in_tries",
    "DELETE FROM pool_sign_in_tries WHERE (account_uuid, place) IN (SELECT account_uuid, place "
    "FROM pool_sign_in_tries WHERE tried_at <= $1 LIMIT CAST($2 AS bigint))"};
const statement delete_old_places{
    "delete_old_places",
    "DELETE FROM pool_known_places WHERE (account_uuid, place) IN (SELECT account_uuid, place "
    "FROM pool_known_places WHERE seen_at <= $1 LIMIT CAST($2 AS bigint))"};

static_assert(sign_in_bounds::free_tries == 5 && sign_in_bounds::free_tries_known == 10 &&
              sign_in_bounds::unknown_free_tries == 100 &&
              sign_in_bounds::unknown_max_tries == 2000 && sign_in_bounds::known_places == 20);

result<> explain(const driver_result<std::vector<query_result>>& written) {
  if (!written) return std::unexpected(written.error());
  return {};
}

class sql_sign_in_tries : public sign_in_tries {
 public:
  explicit sql_sign_in_tries(database& db) : db_{db} {}

  task<result<bool>> begin(uuid account_id, std::string place, bool is_vouched,
                           time_point now) override {
    using bounds = sign_in_bounds;
    parameters values{account_id,
                      bytes{std::move(place)},
                      std::int64_t{is_vouched ? 1 : 0},
                      to_unix_ms(now),
                      to_unix_ms(now - bounds::known_for),
                      to_unix_ms(now - bounds::day),
                      to_unix_ms(now - bounds::unknown_pause)};
    const auto counted = co_await db_.write_one(count_try, std::move(values));
    if (!counted) co_return std::unexpected(counted.error());
    co_return counted->affected_rows == 1;
  }

  task<result<>> succeeded(uuid account_id, std::string place, time_point now) override {
    std::vector<command> commands;
    commands.push_back({forgive, {account_id, bytes{place}}});
    commands.push_back({remember, {account_id, bytes{std::move(place)}, to_unix_ms(now)}});
    commands.push_back({forget_oldest, {account_id}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<>> abandoned(uuid account_id, std::string place) override {
    std::vector<command> commands;
    commands.push_back({take_back, {account_id, bytes{std::move(place)}}});
    co_return explain(co_await db_.write(std::move(commands)));
  }

  task<result<>> sweep(time_point now) override {
    auto done = co_await delete_all(delete_old_tries, now - sign_in_bounds::day);
    if (done) done = co_await delete_all(delete_old_places, now - sign_in_bounds::known_for);
    co_return done;
  }

 private:
  task<result<>> delete_all(const statement& text, time_point horizon) {
    for (bool more = true; more;) {
      const auto done = co_await db_.write_one(text, {to_unix_ms(horizon), sweep_batch});
      if (!done) co_return std::unexpected(done.error());
      more = done->affected_rows == sweep_batch;
    }
    co_return result<>{};
  }

  database& db_;
};

}  // namespace

std::unique_ptr<sign_in_tries> create_sign_in_tries(database& db) {
  return std::make_unique<sql_sign_in_tries>(db);
}

}  // namespace cruddur::sql
