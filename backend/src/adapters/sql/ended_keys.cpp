#include "adapters/sql/ended_keys.hpp"

#include "adapters/sql/slot_list.hpp"
#include "adapters/sql/slot_tables.hpp"

namespace cruddur::sql {
namespace {

const statement select_oldest{
    "select_ended_keys",
    "SELECT slot, ended_at FROM ended_keys ORDER BY ended_at, slot LIMIT CAST($1 AS bigint)"};

const statement delete_ended{"delete_ended_keys",
                             "DELETE FROM ended_keys WHERE slot IN " + listed_slots};

const statement select_in_use{"select_keys_in_use", slots_where("slot IN " + listed_slots)};

class sql_ended_keys : public ended_keys {
 public:
  explicit sql_ended_keys(database& db) : db_{db} {}

  task<result<std::vector<ended_key>>> oldest(std::size_t limit) override {
    const auto found = co_await db_.read(select_oldest, {static_cast<std::int64_t>(limit)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<ended_key> out;
    for (const row& each : found->rows) out.push_back({each.integer(0), each.time(1)});
    co_return out;
  }

  task<result<>> forget(std::vector<key_slot> slots) override {
    const auto done = co_await db_.write_one(delete_ended, {slot_list(slots)});
    if (!done) co_return std::unexpected(done.error());
    co_return result<>{};
  }

  task<result<std::vector<key_slot>>> in_use(std::vector<key_slot> slots) override {
    const auto found = co_await db_.read(select_in_use, {slot_list(slots)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<key_slot> out;
    for (const row& each : found->rows) out.push_back(each.integer(0));
    co_return out;
  }

 private:
  database& db_;
};

}  // namespace

std::unique_ptr<ended_keys> create_ended_keys(database& db) {
  return std::make_unique<sql_ended_keys>(db);
}

}  // namespace cruddur::sql
