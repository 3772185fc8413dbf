#include "adapters/sql/profile_store.hpp"

#include "base/json_writer.hpp"

namespace cruddur::sql {
namespace {

const statement insert_profile{
    "insert_profile",
    "INSERT INTO users (uuid, handle, display_name, bio, created_at, identity_id) "
    "SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM ended_people WHERE uuid = $6) "
    "ON CONFLICT (identity_id) DO NOTHING"};

const statement select_id{"select_profile_id", "SELECT uuid FROM users WHERE identity_id = $1"};

const statement select_by_id{"select_profile",
                             "SELECT uuid, handle, display_name, bio, created_at FROM users WHERE "
                             "uuid = $1 AND removed = 0"};

const statement select_by_handle{"select_profile_by_handle",
                                 "SELECT uuid, handle, display_name, bio, created_at FROM users "
                                 "WHERE handle = $1 AND removed = 0"};

// $1 a JSON array of handles.
const statement select_existing{
    "select_existing_handles",
    {"SELECT handle FROM users WHERE removed = 0 AND handle IN (SELECT value FROM json_each($1))",
     "SELECT handle FROM users WHERE removed = 0 AND handle IN "
     "(SELECT jsonb_array_elements_text(CAST(CAST($1 AS text) AS jsonb)))"}};

const statement select_any{"select_any_profile", "SELECT 1 FROM users LIMIT 1"};

class sql_profile_store : public profile_store {
 public:
  explicit sql_profile_store(database& db) : db_{db} {}

  task<result<>> create(uuid identity, profile owner) override {
    const auto written = co_await db_.write_one(
        insert_profile, {owner.id, std::move(owner.handle), std::move(owner.display_name),
                         std::move(owner.bio), to_unix_ms(owner.created_at), identity});
    if (written) co_return result<>{};
    if (written.error().kind == driver_fault::unique_violation) {
      co_return fail(fault_kind::conflict, "handle_taken", "Somebody has that handle already.",
                     "handle");
    }
    co_return std::unexpected(written.error());
  }

  task<result<bool>> any() override {
    const auto found = co_await db_.read(select_any, {});
    if (!found) co_return std::unexpected(found.error());
    co_return !found->rows.empty();
  }

  task<result<std::optional<uuid>>> find_id(uuid identity) override {
    const auto found = co_await db_.read(select_id, {identity});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.empty()) co_return std::nullopt;
    co_return found->rows.front().id(0);
  }

  task<result<std::optional<profile>>> find(uuid id) override {
    co_return one(co_await db_.read(select_by_id, {id}));
  }

  task<result<std::optional<profile>>> find_by_handle(std::string handle) override {
    co_return one(co_await db_.read(select_by_handle, {std::move(handle)}));
  }

  task<result<std::vector<std::string>>> existing(std::vector<std::string> handles) override {
    if (handles.empty()) co_return std::vector<std::string>{};
    std::string list = "[";
    for (const std::string& each : handles) {
      if (list.size() > 1) list += ',';
      append_json_string(list, each);
    }
    list += ']';
    const auto found = co_await db_.read(select_existing, {std::move(list)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<std::string> out;
    for (const row& each : found->rows) out.push_back(each.text(0));
    co_return out;
  }

 private:
  static result<std::optional<profile>> one(driver_result<query_result> found) {
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->rows.empty()) return std::nullopt;
    const row& first = found->rows.front();
    return profile{first.id(0), first.text(1), first.text(2), first.text(3), first.time(4)};
  }

  database& db_;
};

}  // namespace

std::unique_ptr<profile_store> create_profile_store(database& db) {
  return std::make_unique<sql_profile_store>(db);
}

}  // namespace cruddur::sql
