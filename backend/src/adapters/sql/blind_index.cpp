#include "adapters/sql/blind_index.hpp"

#include <algorithm>

#include "adapters/sql/sealed_columns.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace cruddur::sql {

const statement lock_index_key{
    "lock_index_key",
    {"SELECT 1 FROM index_keys WHERE generation = $1 AND current_from IS NOT NULL "
     "AND replaced_at IS NULL",
     "SELECT 1 FROM index_keys WHERE generation = $1 AND current_from IS NOT NULL "
     "AND replaced_at IS NULL FOR SHARE"}};

std::string is_current_index_key(const std::string& generation) {
  return "EXISTS (SELECT 1 FROM index_keys WHERE generation = " + generation +
         " AND current_from IS NOT NULL AND replaced_at IS NULL)";
}

std::string unique_mac(const std::string& table, const std::string& column,
                       const std::string& current, const std::string& other,
                       const std::string& owner) {
  const std::string is_other = owner.empty() ? "" : " AND taken.uuid <> " + owner;
  return "CASE WHEN EXISTS (SELECT 1 FROM " + table + " taken WHERE taken." + column + " = " +
         other + is_other + ") THEN " + other + " ELSE " + current + " END";
}

std::unexpected<fault> index_key_busy() {
  return fail(fault_kind::unavailable, "database_unavailable",
              "The index of names is being renewed. Try again in a moment.",
              std::chrono::seconds{1});
}

namespace {

using steady_clock = std::chrono::steady_clock;

constexpr std::size_t mac_bytes = 16;
constexpr std::size_t key_bytes = 32;
constexpr std::chrono::seconds fresh{30};

const statement select_keys{"select_index_keys",
                            dialects{"SELECT generation, slot, sealed, made_at, CASE WHEN "
                                     "current_from IS NULL THEN 0 ELSE 1 END, "
                                     "CASE WHEN replaced_at IS NULL THEN 0 ELSE 1 END, "} +
                                key_of("index_keys.slot") + " FROM index_keys ORDER BY generation"};

// Only one server gets to insert a generation.
const statement insert_key{
    "insert_index_key",
    "INSERT INTO index_keys (generation, slot, sealed, made_at, current_from) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (generation) DO NOTHING"};

// $1 the generation that is replaced, $2 the next, $3 now, $4 since when that must be announced.
const statement replace_key{
    "replace_index_key",
    "UPDATE index_keys SET replaced_at = $3 WHERE generation = $1 AND replaced_at IS NULL "
    "AND EXISTS (SELECT 1 FROM index_keys n WHERE n.generation = $2 AND n.made_at <= $4)"};
const statement switch_key{
    "switch_index_key",
    "UPDATE index_keys SET current_from = $3 WHERE generation = $2 AND current_from IS NULL "
    "AND EXISTS (SELECT 1 FROM index_keys o WHERE o.generation = $1 AND o.replaced_at = $3)"};

const statement replace_all{
    "replace_all_index_keys",
    "UPDATE index_keys SET replaced_at = $1 WHERE replaced_at IS NULL AND generation < $2"};

// What has lapsed; others keep their key. $1 now.
const statement forget_lapsed{"forget_lapsed_reservations",
                              "DELETE FROM pool_reserved_handles WHERE free_at <= $1 AND index_key "
                              "IN (SELECT generation FROM index_keys WHERE replaced_at IS NOT "
                              "NULL)"};

// $1 since when a key must be replaced: until every server knows.
const statement end_keys{
    "end_index_keys",
    "DELETE FROM index_keys WHERE replaced_at <= $1 "
    "AND NOT EXISTS (SELECT 1 FROM pool_reserved_handles r WHERE r.index_key = "
    "index_keys.generation) "
    "AND NOT EXISTS (SELECT 1 FROM users u WHERE u.index_key = index_keys.generation "
    "AND u.handle_mac IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM pool_accounts p WHERE p.index_key = index_keys.generation)"};

uuid id_of(std::int64_t generation) {
  uuid out;
  for (std::size_t i = 0; i < sizeof generation; ++i) {
    out.bytes[15 - i] =
        static_cast<std::uint8_t>(static_cast<std::uint64_t>(generation) >> (8 * i));
  }
  return out;
}

std::string mac(std::string_view key, name_kind kind, std::string_view name) {
  std::string text(1, static_cast<char>(kind));
  text.append(":").append(name);
  return std::string{as_view(hmac_sha256(key, text)).substr(0, mac_bytes)};
}

}  // namespace

std::shared_ptr<const blind_index::key_set> blind_index::keys() const {
  const std::lock_guard lock{mutex_};
  return keys_;
}

task<result<blind_index::key_set>> blind_index::read_keys() {
  const auto found = co_await db_.read(select_keys, {});
  if (!found) co_return std::unexpected(found.error());
  std::vector<index_key> all;
  std::vector<sealed_record> records;
  for (const row& each : found->rows) {
    all.push_back({.generation = each.integer(0),
                   .slot = each.integer(1),
                   .sealed = each.blob(2),
                   .made_at = each.time(3),
                   .is_current = each.boolean(4) && !each.boolean(5),
                   .is_replaced = each.boolean(5),
                   .content_key = key_in(each, 6),
                   .key = {}});
  }
  for (const index_key& each : all) {
    records.push_back({.slot = each.slot,
                       .kind = content_kind::index_key,
                       .id = id_of(each.generation),
                       .bytes = each.sealed,
                       .key = each.content_key});
  }
  const auto opened = co_await vault_.open(std::move(records));
  if (!opened) co_return std::unexpected(opened.error());
  key_set out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.newest = all[i].generation;
    out.has_replaced = out.has_replaced || all[i].is_replaced;
    const auto& key = (*opened)[i];
    if (!key || key->size() != key_bytes) continue;
    all[i].key = *key;
    (all[i].is_current ? out.current : out.other) = std::move(all[i]);
  }
  co_return out;
}

void blind_index::use(key_set read) {
  const std::lock_guard lock{mutex_};
  keys_ = std::make_shared<const key_set>(std::move(read));
  read_at_ = steady_clock::now();
}

task<result<bool>> blind_index::add_key(std::int64_t generation, time_point now, bool is_current) {
  auto key = co_await vault_.take(key_term::lasting);
  if (!key) co_return std::unexpected(std::move(key.error()));
  const value current_from = is_current ? value{to_unix_ms(now)} : value{null_of_type::integer};
  std::vector<command> commands{
      {insert_key,
       {generation, key->slot(),
        bytes{key->seal(content_kind::index_key, id_of(generation), random_bytes(key_bytes))},
        to_unix_ms(now), current_from}}};
  if (is_current) commands.push_back({replace_all, {to_unix_ms(now), generation}});
  const auto done = co_await db_.write(std::move(commands));
  if (!done) {
    key->settle(done.error());
    co_return std::unexpected(done.error());
  }
  const bool is_added = done->front().affected_rows == 1;
  if (is_added) {
    key->keep();
  } else {
    key->drop();
  }
  co_return is_added;
}

task<result<>> blind_index::open(time_point now) {
  auto read = co_await read_keys();
  if (!read) co_return std::unexpected(std::move(read.error()));
  if (!read->current) {
    const auto added = co_await add_key(read->newest + 1, now, true);
    if (!added) co_return std::unexpected(added.error());
    co_return co_await refresh();
  }
  use(std::move(*read));
  co_return result<>{};
}

task<result<>> blind_index::refresh() {
  auto read = co_await read_keys();
  if (!read) co_return std::unexpected(std::move(read.error()));
  if (!read->current) {
    co_return fail(fault_kind::unavailable, "keys_unavailable",
                   "The key of the index of names can't be read.");
  }
  use(std::move(*read));
  co_return result<>{};
}

task<result<bool>> blind_index::refresh_if_old() {
  const auto before = keys();
  {
    const std::lock_guard lock{mutex_};
    if (steady_clock::now() - read_at_ < fresh) co_return false;
  }
  if (auto read = co_await refresh(); !read) co_return std::unexpected(std::move(read.error()));
  const auto after = keys();
  co_return before->current->generation != after->current->generation ||
      before->newest != after->newest;
}

std::int64_t blind_index::generation() const {
  return keys()->current->generation;
}

name_macs blind_index::macs(name_kind kind, std::string_view name) const {
  const auto set = keys();
  name_macs out{.generation = set->current->generation, .current = {}, .other = {}};
  out.current = to_base64url(mac(set->current->key, kind, name));
  out.other = set->other ? to_base64url(mac(set->other->key, kind, name)) : out.current;
  return out;
}

uuid blind_index::stand_in(uuid id) const {
  const std::string bytes = mac(keys()->current->key, name_kind::stand_in, to_string(id));
  uuid out;
  std::ranges::copy(bytes, out.bytes.begin());
  // The marks of version 4, as the ids of accounts have them.
  out.bytes[6] = static_cast<std::uint8_t>(0x40U | (out.bytes[6] & 0x0fU));
  out.bytes[8] = static_cast<std::uint8_t>(0x80U | (out.bytes[8] & 0x3fU));
  return out;
}

task<result<>> blind_index::open_decoy() {
  const auto set = keys();
  const auto opened = co_await vault_.open({{.slot = set->current->slot,
                                             .kind = content_kind::index_key,
                                             .id = id_of(set->current->generation),
                                             .bytes = set->current->sealed,
                                             .key = set->current->content_key}});
  if (!opened) co_return std::unexpected(opened.error());
  co_return result<>{};
}

task<result<blind_index::step>> blind_index::renew(time_point now) {
  const auto set = keys();
  const index_key& current = *set->current;
  const bool is_announced = set->other && set->other->generation > current.generation;
  if (!is_announced) {
    if (set->other || now - current.made_at < life) co_return step::nothing;
    const auto added = co_await add_key(set->newest + 1, now, false);
    if (!added) co_return std::unexpected(added.error());
    if (auto read = co_await refresh(); !read) co_return std::unexpected(std::move(read.error()));
    co_return step::announced;
  }
  const std::int64_t next = set->other->generation;
  const std::int64_t time = to_unix_ms(now);
  std::vector<command> commands{
      {replace_key, {current.generation, next, time, to_unix_ms(now - notice)}},
      {switch_key, {current.generation, next, time}}};
  const auto done = co_await db_.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  if (done->back().affected_rows == 0) co_return step::nothing;
  if (auto read = co_await refresh(); !read) co_return std::unexpected(std::move(read.error()));
  co_return step::switched;
}

task<result<>> blind_index::end_replaced(time_point now) {
  const auto set = keys();
  if (!set->has_replaced) co_return result<>{};
  std::vector<command> commands{{forget_lapsed, {to_unix_ms(now)}},
                                {end_keys, {to_unix_ms(now - notice)}}};
  const auto done = co_await db_.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  if (done->back().affected_rows == 0) co_return result<>{};
  co_return co_await refresh();
}

}  // namespace cruddur::sql
