#include "adapters/sql/key_table.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/sql/sealed_columns.hpp"
#include "adapters/sql/slot_list.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::sql {
namespace {

constexpr std::chrono::minutes longest_stock{30};
constexpr std::chrono::hours settled_after{1};
constexpr std::int64_t blocks_at_once = 64;
constexpr std::size_t low_stock = key_table::block / 2;

// Only PostgreSQL has these tables. $1 the keys of a block, one after the other; `column` and
// `value` what is stored with each besides.
std::string reserve(const std::string& column, const std::string& value) {
  return "WITH block AS (INSERT INTO content_key_reservations (reserved_at) VALUES ($2) "
         "RETURNING first) INSERT INTO content_keys (slot, key" +
         column + ") SELECT block.first + place, substr($1, place * 32 + 1, 32)" + value +
         " FROM block, generate_series(0, octet_length($1) / 32 - 1) AS place RETURNING slot";
}

// As the column's default the side would be asked for once a key; so it is once a block.
const statement reserve_block{"reserve_key_block",
                              reserve(", side", ", (SELECT current_key_side())")};

// While a migration seals what comes before there are sides.
const statement reserve_without_side{"reserve_key_block_without_side", reserve({}, {})};
const statement has_sides{"has_key_sides", "SELECT to_regclass('content_key_sides')::text"};

const statement select_keys{"select_content_keys",
                            "SELECT slot, key FROM content_keys WHERE slot IN " + listed_slots};

// First in a transaction that destroys keys.
const statement share_lock{"share_lock_of_keys",
                           "SELECT pg_advisory_xact_lock_shared(4729118307)::text"};
const statement mark_traces{"mark_traces_of_keys",
                            "UPDATE content_key_sides SET has_traces = 1 WHERE has_traces = 0"};

const statement delete_keys{"delete_content_keys",
                            "DELETE FROM content_keys WHERE slot IN " + listed_slots};

const statement select_old_blocks{"select_old_key_blocks",
                                  "SELECT first FROM content_key_reservations "
                                  "WHERE reserved_at <= $1 ORDER BY first LIMIT $2"};

const statement delete_block{"delete_key_block",
                             "DELETE FROM content_key_reservations WHERE first = $1"};

// Each batch waits for the disk, and whoever adds or destroys keys waits for the batch.
constexpr std::int64_t copied_at_once = 10'000;

const statement begin_rewrite{"begin_key_rewrite", "SELECT begin_key_rewrite($1, $2)"};
const statement copy_keys{"copy_keys", "SELECT copy_keys($1)"};
const statement end_rewrite{"end_key_rewrite", "SELECT end_key_rewrite()"};

}  // namespace

void key_table::drop_old() {
  const time_point oldest = clock_.now() - longest_stock;
  const std::lock_guard lock{mutex_};
  // Blocks with greater slots were reserved later.
  while (!stock_.empty() && stock_.begin()->second.reserved_at <= oldest) {
    stock_.erase(stock_.begin());
  }
}

void key_table::take(std::vector<reserved_key>& out, std::size_t count) {
  const std::lock_guard lock{mutex_};
  while (out.size() < count && !stock_.empty()) {
    const auto first = stock_.begin();
    out.push_back({first->first, first->second.key});
    stock_.erase(first);
  }
}

std::vector<key_slot> key_table::given_out(std::vector<key_slot> slots) {
  const std::lock_guard lock{mutex_};
  std::erase_if(slots, [this](key_slot slot) { return stock_.contains(slot); });
  return slots;
}

bool key_table::begin_restock() {
  const std::lock_guard lock{mutex_};
  if (is_restocking_ || stock_.size() >= low_stock) return false;
  is_restocking_ = true;
  return true;
}

task<result<>> key_table::restock() {
  const time_point now = clock_.now();
  const auto sides = co_await db_.read(has_sides, {});
  if (!sides) co_return std::unexpected(sides.error());
  const bool has_side = !sides->rows.front().is_null(0);
  std::string keys = random_bytes(block * secret::size);
  const auto made = co_await db_.write_one(has_side ? reserve_block : reserve_without_side,
                                           {bytes{keys}, to_unix_ms(now)});
  if (made) stock(*made, keys, now);
  OPENSSL_cleanse(keys.data(), keys.size());
  if (!made) co_return std::unexpected(made.error());
  co_return result<>{};
}

// `made`: the slots of a block, in no order.
void key_table::stock(const query_result& made, std::string_view keys, time_point now) {
  key_slot first = std::numeric_limits<key_slot>::max();
  for (const row& each : made.rows) first = std::min(first, each.integer(0));
  const std::lock_guard lock{mutex_};
  for (const row& each : made.rows) {
    const key_slot slot = each.integer(0);
    secret key;
    std::ranges::copy(
        keys.substr(static_cast<std::size_t>(slot - first) * secret::size, secret::size),
        key.bytes().begin());
    stock_[slot] = {key, now};
  }
}

// Whoever needs a key that is not there hears of a fault.
task<> key_table::refill() {
  struct ending {
    key_table& table;
    ~ending() {
      const std::lock_guard lock{table.mutex_};
      table.is_restocking_ = false;
    }
  };
  const ending at_end{*this};
  (void)co_await restock();
}

task<result<std::vector<reserved_key>>> key_table::reserve(std::size_t count, key_term) {
  std::vector<reserved_key> out;
  drop_old();
  take(out, count);
  if (begin_restock()) {
    runtime::spawn(co_await boost::asio::this_coro::executor, refill(), {});
  }
  while (out.size() < count) {
    if (auto done = co_await restock(); !done) co_return std::unexpected(std::move(done.error()));
    take(out, count);
  }
  co_return out;
}

task<result<std::vector<std::optional<secret>>>> key_table::load(std::vector<key_slot> slots) {
  const auto found = co_await db_.read(select_keys, {slot_list(given_out(slots))});
  if (!found) co_return std::unexpected(found.error());
  std::unordered_map<key_slot, secret> keys;
  for (const row& each : found->rows) {
    if (const auto key = key_in(each, 1)) keys.emplace(each.integer(0), *key);
  }
  std::vector<std::optional<secret>> out;
  out.reserve(slots.size());
  for (const key_slot each : slots) {
    const auto key = keys.find(each);
    out.push_back(key == keys.end() ? std::nullopt : std::optional{key->second});
  }
  co_return out;
}

task<result<>> key_table::destroy(std::vector<key_slot> slots) {
  std::vector<command> commands;
  commands.push_back({share_lock, {}});
  commands.push_back({delete_keys, {slot_list(given_out(std::move(slots)))}});
  commands.push_back({mark_traces, {}});
  const auto done = co_await db_.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<>> key_table::rewrite(std::chrono::minutes pause) {
  using steady_clock = std::chrono::steady_clock;
  const time_point now = clock_.now();
  const auto begun =
      co_await db_.write_one(begin_rewrite, {to_unix_ms(now), to_unix_ms(now - pause)});
  if (!begun) co_return std::unexpected(begun.error());
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  for (bool more = true; more;) {
    const auto start = steady_clock::now();
    const auto copied = co_await db_.write_one(copy_keys, {copied_at_once});
    if (!copied) co_return std::unexpected(copied.error());
    const std::int64_t count = copied->rows.front().integer(0);
    if (count < 0) co_return result<>{};
    more = count == copied_at_once;
    timer.expires_after(steady_clock::now() - start);
    if (more) co_await timer.async_wait(boost::asio::use_awaitable);
  }
  const auto ended = co_await db_.write_one(end_rewrite, {});
  if (!ended) co_return std::unexpected(ended.error());
  co_return result<>{};
}

task<result<>> key_table::settle(ended_keys& contents) {
  drop_old();
  const auto blocks = co_await db_.read(select_old_blocks,
                                        {to_unix_ms(clock_.now() - settled_after), blocks_at_once});
  if (!blocks) co_return std::unexpected(blocks.error());
  for (const row& each : blocks->rows) {
    std::vector<key_slot> slots(block);
    for (std::size_t i = 0; i < block; ++i) {
      slots[i] = each.integer(0) + static_cast<key_slot>(i);
    }
    const auto used = co_await contents.in_use(slots);
    if (!used) co_return std::unexpected(used.error());
    std::erase_if(slots,
                  [&](key_slot slot) { return std::ranges::find(*used, slot) != used->end(); });
    if (auto done = co_await destroy(std::move(slots)); !done) co_return done;
    const auto forgotten = co_await db_.write_one(delete_block, {each.integer(0)});
    if (!forgotten) co_return std::unexpected(forgotten.error());
  }
  co_return result<>{};
}

}  // namespace cruddur::sql
