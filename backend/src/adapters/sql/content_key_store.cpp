#include "adapters/sql/content_key_store.hpp"

#include <algorithm>
#include <span>

#include "adapters/sql/run_blocking.hpp"

namespace cruddur::sql {
namespace {

const statement count_table{
    "count_content_key_store_table",
    {"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'content_key_store'",
     "SELECT count(to_regclass('content_key_store'))"}};

// SQLite's file takes its place when all else is there.
const statement count_restores{"count_restores_under_way",
                               {"SELECT 0", "SELECT count(to_regclass('restore_under_way'))"}};

const statement select_store{"select_content_key_store",
                             "SELECT store, generation FROM content_key_store"};

const statement upsert_store{
    "upsert_content_key_store",
    "INSERT INTO content_key_store AS s (id, store, generation) VALUES (1, $1, $2) "
    "ON CONFLICT (id) DO UPDATE SET store = excluded.store, generation = "
    "CASE WHEN s.store = excluded.store AND s.generation > excluded.generation "
    "THEN s.generation ELSE excluded.generation END",
    traces::harmless};

const statement remember_former{
    "remember_former_key_store",
    "INSERT INTO former_key_store (id, store) SELECT 1, store FROM content_key_store "
    "WHERE store <> $1 ON CONFLICT (id) DO UPDATE SET store = excluded.store"};
const statement select_former{"select_former_key_store", "SELECT store FROM former_key_store"};
const statement delete_former{"delete_former_key_store", "DELETE FROM former_key_store"};

// PostgreSQL only.
const statement select_blocks{"select_blocks_of_keys",
                              "SELECT CASE WHEN is_called THEN (last_value - 1) / 1024 + 1 ELSE 0 "
                              "END FROM content_key_reservations_first_seq"};

const statement count_identities{
    "count_database_identity_table",
    {"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'database_identity'",
     "SELECT count(to_regclass('database_identity'))"}};
const statement select_id{"select_database_id", "SELECT uuid FROM database_identity"};
const statement update_id{"update_database_id", "UPDATE database_identity SET uuid = $1"};

constexpr std::string_view database_mark = "database";

auto second_half(auto& id) {
  return std::span{id.bytes}.template subspan<sizeof id.bytes / 2>();
}

}  // namespace

result<std::optional<recorded_store>> read_key_store(database& db) {
  const auto tables = run_blocking(db.read(count_table, {}));
  if (!tables) return std::unexpected(tables.error());
  if (tables->rows.at(0).integer(0) == 0) return std::nullopt;
  const auto found = run_blocking(db.read(select_store, {}));
  if (!found) return std::unexpected(found.error());
  if (found->rows.empty()) return std::nullopt;
  const row& columns = found->rows.front();
  return recorded_store{columns.id(0), static_cast<std::uint64_t>(columns.integer(1))};
}

store_kind kind_of(const uuid& store) {
  if (store == in_database) return store_kind::table;
  return std::ranges::equal(second_half(store), database_mark) ? store_kind::key_database
                                                               : store_kind::file;
}

task<result<recorded_store>> read_key_database(database& db) {
  const auto id = co_await read_database_id(db);
  if (!id) co_return std::unexpected(id.error());
  const auto blocks = co_await db.read(select_blocks, {});
  if (!blocks) co_return std::unexpected(blocks.error());
  recorded_store out{*id, static_cast<std::uint64_t>(blocks->rows.at(0).integer(0))};
  std::ranges::copy(database_mark, second_half(out.id).begin());
  co_return out;
}

result<bool> is_half_restored(database& db) {
  const auto found = run_blocking(db.read(count_restores, {}));
  if (!found) return std::unexpected(found.error());
  return found->rows.at(0).integer(0) != 0;
}

task<result<>> record_key_store(database& db, recorded_store store) {
  const auto done =
      co_await db.write_one(upsert_store, {store.id, static_cast<std::int64_t>(store.generation)});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<>> switch_key_store(database& db, recorded_store next) {
  std::vector<command> commands;
  commands.push_back({remember_former, {next.id}});
  commands.push_back({upsert_store, {next.id, static_cast<std::int64_t>(next.generation)}});
  const auto done = co_await db.write(std::move(commands));
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

task<result<std::optional<uuid>>> read_former_store(database& db) {
  const auto found = co_await db.read(select_former, {});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::nullopt;
  co_return found->rows.front().id(0);
}

task<result<>> forget_former_store(database& db) {
  const auto done = co_await db.write_one(delete_former, {});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

result<bool> has_database_id(database& db) {
  const auto found = run_blocking(db.read(count_identities, {}));
  if (!found) return std::unexpected(found.error());
  return found->rows.at(0).integer(0) != 0;
}

task<result<uuid>> read_database_id(database& db) {
  const auto found = co_await db.read(select_id, {});
  if (!found) co_return std::unexpected(found.error());
  co_return found->rows.at(0).id(0);
}

task<result<>> renew_database_id(database& db) {
  const auto done = co_await db.write_one(update_id, {make_uuid_v4()});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace cruddur::sql
