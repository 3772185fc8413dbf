#include "adapters/sql/content_key_store.hpp"

#include "adapters/sql/run_blocking.hpp"

namespace cruddur::sql {
namespace {

const statement count_table{
    "count_content_key_store_table",
    {"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'content_key_store'",
     "SELECT count(to_regclass('content_key_store'))"}};

const statement select_store{"select_content_key_store",
                             "SELECT store, generation FROM content_key_store"};

const statement upsert_store{
    "upsert_content_key_store",
    "INSERT INTO content_key_store AS s (id, store, generation) VALUES (1, $1, $2) "
    "ON CONFLICT (id) DO UPDATE SET store = excluded.store, generation = "
    "CASE WHEN s.store = excluded.store AND s.generation > excluded.generation "
    "THEN s.generation ELSE excluded.generation END",
    traces::harmless};

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

task<result<>> record_key_store(database& db, recorded_store store) {
  const auto done =
      co_await db.write_one(upsert_store, {store.id, static_cast<std::int64_t>(store.generation)});
  if (!done) co_return std::unexpected(done.error());
  co_return result<>{};
}

}  // namespace cruddur::sql
