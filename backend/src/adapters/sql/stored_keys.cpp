#include "adapters/sql/stored_keys.hpp"

#include "adapters/sql/sealed_columns.hpp"
#include "base/encoding.hpp"

namespace cruddur::sql {
namespace {

constexpr std::int64_t delete_batch = 10'000;

const statement select_stored{
    "select_stored_keys",
    "SELECT DISTINCT slot, key FROM content_keys WHERE slot > $1 ORDER BY slot "
    "LIMIT CAST($2 AS bigint)"};

const statement insert_stored{
    "insert_stored_keys",
    "INSERT INTO content_keys (slot, key) SELECT CAST(e->>0 AS bigint), decode(e->>1, 'hex') "
    "FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e "
    "WHERE NOT EXISTS (SELECT 1 FROM content_keys k WHERE k.slot = CAST(e->>0 AS bigint))"};

const statement count_stored{"count_stored_keys", "SELECT count(DISTINCT slot) FROM content_keys"};

const statement count_blocks{"count_key_blocks", "SELECT count(*) FROM content_key_reservations"};

// The next block begins 1,024 after the sequence's value.
const statement raise_slots{"raise_slots",
                            "SELECT setval('content_key_reservations_first_seq', "
                            "GREATEST(last_value, (CAST($1 AS bigint) / 1024 + 1) * 1024 + 1)) "
                            "FROM content_key_reservations_first_seq"};

const statement select_settled{
    "select_settled_slots",
    "SELECT DISTINCT k.slot FROM content_keys k WHERE k.slot > $1 AND NOT EXISTS (SELECT 1 FROM "
    "content_key_reservations r WHERE k.slot >= r.first AND k.slot < r.first + 1024) "
    "ORDER BY k.slot LIMIT CAST($2 AS bigint)"};

const statement delete_some{
    "delete_stored_keys",
    "DELETE FROM content_keys WHERE slot IN (SELECT slot FROM content_keys ORDER BY slot "
    "LIMIT CAST($1 AS bigint))"};

// So that the files that they stood in are given back (key_table::rewrite()).
const statement mark_traces{"mark_traces_of_stored_keys",
                            "UPDATE content_key_sides SET has_traces = 1"};

const statement delete_blocks{"delete_key_blocks", "DELETE FROM content_key_reservations"};

}  // namespace

task<result<std::vector<reserved_key>>> read_stored_keys(database& db, key_slot last,
                                                         std::size_t limit) {
  const auto found = co_await db.read(select_stored, {last, static_cast<std::int64_t>(limit)});
  if (!found) co_return std::unexpected(found.error());
  std::vector<reserved_key> out;
  out.reserve(found->rows.size());
  for (const row& each : found->rows) {
    const auto key = key_in(each, 1);
    out.push_back({each.integer(0), key ? *key : secret{}});
  }
  co_return out;
}

task<result<>> store_keys(database& db, const std::vector<reserved_key>& keys) {
  std::string list = "[";
  for (const reserved_key& each : keys) {
    if (list.size() > 1) list += ',';
    list += "[" + std::to_string(each.slot) + ",\"" + to_hex(each.key.view()) + "\"]";
  }
  const auto done = co_await db.write_one(insert_stored, {list + "]"});
  OPENSSL_cleanse(list.data(), list.size());
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<std::int64_t>> count_stored_keys(database& db) {
  const auto found = co_await db.read(count_stored, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.at(0).integer(0);
}

task<result<std::int64_t>> count_key_blocks(database& db) {
  const auto found = co_await db.read(count_blocks, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.at(0).integer(0);
}

task<result<>> pass_slots(database& db, key_slot greatest) {
  const auto done = co_await db.write_one(raise_slots, {greatest});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<std::vector<key_slot>>> read_settled_slots(database& db, key_slot last,
                                                       std::size_t limit) {
  const auto found = co_await db.read(select_settled, {last, static_cast<std::int64_t>(limit)});
  if (!found) co_return std::unexpected(found.error());
  std::vector<key_slot> out;
  out.reserve(found->rows.size());
  for (const row& each : found->rows) out.push_back(each.integer(0));
  co_return out;
}

task<result<>> destroy_stored_keys(database& db) {
  for (bool more = true; more;) {
    const auto done = co_await db.write_one(delete_some, {delete_batch});
    if (!done) co_return std::unexpected(done.error());
    more = done->affected_rows == delete_batch;
  }
  std::vector<command> commands{{mark_traces, {}}, {delete_blocks, {}}};
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace cruddur::sql
