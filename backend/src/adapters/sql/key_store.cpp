#include "adapters/sql/key_store.hpp"

namespace cruddur::sql {
namespace {

const statement select_key{"select_pool_key", "SELECT sealed FROM pool_keys WHERE name = $1"};

const statement insert_key{"insert_pool_key",
                           "INSERT INTO pool_keys (name, sealed, created_at) VALUES ($1, $2, $3) "
                           "ON CONFLICT (name) DO NOTHING"};

class sql_key_store : public key_store {
 public:
  explicit sql_key_store(database& db) : db_{db} {}

  task<result<std::optional<std::string>>> find(std::string name) override {
    const auto found = co_await db_.read(select_key, {std::move(name)});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return std::nullopt;
    co_return found->rows.front().blob(0);
  }

  task<result<std::string>> put_if_absent(std::string name, std::string sealed,
                                          time_point now) override {
    const auto written = co_await db_.write_one(insert_key, {name, bytes{sealed}, to_unix_ms(now)});
    if (!written) co_return std::unexpected(written.error());
    auto kept = co_await find(name);
    if (!kept) co_return std::unexpected(kept.error());
    if (!*kept) co_return fail(fault_kind::unavailable, "database_unavailable", "A key vanished.");
    co_return std::move(**kept);
  }

 private:
  database& db_;
};

}  // namespace

std::unique_ptr<key_store> create_key_store(database& db) {
  return std::make_unique<sql_key_store>(db);
}

}  // namespace cruddur::sql
