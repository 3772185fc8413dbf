#include "adapters/sql/profile_store.hpp"

#include <unordered_map>

#include "adapters/sql/person_records.hpp"
#include "adapters/sql/sealed_columns.hpp"
#include "base/json_writer.hpp"

namespace cruddur::sql {
namespace {

// $6 and $7 are the handle's MACs, $8 the generation of the first.
const statement insert_profile{
    "insert_profile",
    "INSERT INTO users (uuid, slot, sealed, created_at, identity_id, handle_mac, index_key) "
    "SELECT $1, $2, $3, $4, $5, " +
        unique_mac("users", "handle_mac", "$6", "$7") +
        ", $8 WHERE NOT EXISTS (SELECT 1 FROM ended_people WHERE uuid = $5) "
        "AND NOT EXISTS (SELECT 1 FROM users WHERE identity_id = $5) AND " +
        is_current_index_key("$8") + " ON CONFLICT (identity_id) DO NOTHING"};

const statement select_id{"select_profile_id", "SELECT uuid FROM users WHERE identity_id = $1"};

const dialects select_profile =
    "SELECT uuid, created_at, slot, sealed, " + key_of("users.slot") + " FROM users ";
const statement select_by_id{"select_profile", select_profile + "WHERE uuid = $1 AND removed = 0"};
const statement select_by_handle{"select_profile_by_handle",
                                 select_profile + "WHERE handle_mac IN ($1, $2) AND removed = 0"};

// $1 a JSON array of MACs.
const statement select_existing{
    "select_existing_handles",
    {"SELECT handle_mac FROM users WHERE removed = 0 AND handle_mac IN "
     "(SELECT value FROM json_each($1))",
     "SELECT handle_mac FROM users WHERE removed = 0 AND handle_mac IN "
     "(SELECT jsonb_array_elements_text(CAST(CAST($1 AS text) AS jsonb)))"}};

const statement select_any{"select_any_profile", "SELECT 1 FROM users LIMIT 1"};

class sql_profile_store : public profile_store {
 public:
  sql_profile_store(database& db, content_vault& vault, blind_index& index)
      : db_{db}, vault_{vault}, index_{index} {}

  task<result<>> create(uuid identity, profile owner) override {
    for (int attempt = 0; attempt < index_key_tries; ++attempt) {
      const auto is_done = co_await try_to_create(identity, owner);
      if (!is_done) co_return std::unexpected(is_done.error());
      if (*is_done) co_return result<>{};
      if (auto read = co_await index_.refresh(); !read) co_return read;
    }
    co_return index_key_busy();
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
    co_return co_await open(co_await db_.read(select_by_id, {id}));
  }

  task<result<std::optional<profile>>> find_by_handle(std::string handle) override {
    auto found = co_await read_by_handle(handle);
    if (found && found->rows.empty()) {
      const auto changed = co_await index_.refresh_if_old();
      if (!changed) co_return std::unexpected(changed.error());
      if (*changed) found = co_await read_by_handle(handle);
    }
    co_return co_await open(std::move(found));
  }

  task<result<std::vector<std::string>>> existing(std::vector<std::string> handles) override {
    if (handles.empty()) co_return std::vector<std::string>{};
    std::unordered_map<std::string, const std::string*> names;
    std::string list = "[";
    for (const std::string& each : handles) {
      const name_macs macs = index_.macs(name_kind::handle, each);
      for (const std::string& mac : {macs.current, macs.other}) {
        if (!names.try_emplace(mac, &each).second) continue;
        if (list.size() > 1) list += ',';
        append_json_string(list, mac);
      }
    }
    list += ']';
    const auto found = co_await db_.read(select_existing, {std::move(list)});
    if (!found) co_return std::unexpected(found.error());
    std::vector<std::string> out;
    for (const row& each : found->rows) out.push_back(*names.at(each.text(0)));
    co_return out;
  }

 private:
  // False when the index key is not the current one any more.
  task<result<bool>> try_to_create(uuid identity, const profile& owner) {
    auto key = co_await vault_.take(key_term::lasting);
    if (!key) co_return std::unexpected(std::move(key.error()));
    const name_macs macs = index_.macs(name_kind::handle, owner.handle);
    const std::string record = to_record(profile_names{
        .handle = owner.handle, .display_name = owner.display_name, .bio = owner.bio});
    std::vector<command> commands;
    commands.push_back({lock_index_key, {macs.generation}});
    commands.push_back(
        {insert_profile,
         {owner.id, key->slot(), bytes{key->seal(content_kind::profile, owner.id, record)},
          to_unix_ms(owner.created_at), identity, macs.current, macs.other, macs.generation}});
    const auto written = co_await db_.write(std::move(commands));
    if (!written) {
      key->settle(written.error());
      if (written.error().kind != driver_fault::unique_violation) {
        co_return std::unexpected(written.error());
      }
      co_return fail(fault_kind::conflict, "handle_taken", "Somebody has that handle already.",
                     "handle");
    }
    const bool is_stored = written->back().affected_rows == 1;
    if (is_stored) {
      key->keep();
    } else {
      key->drop();
    }
    co_return is_stored || !written->front().rows.empty();
  }

  task<driver_result<query_result>> read_by_handle(const std::string& handle) {
    const name_macs macs = index_.macs(name_kind::handle, handle);
    return db_.read(select_by_handle, {macs.current, macs.other});
  }

  task<result<std::optional<profile>>> open(driver_result<query_result> found) {
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (found->rows.empty()) co_return std::nullopt;
    const row& first = found->rows.front();
    const auto opened = co_await vault_.open({{.slot = first.integer(2),
                                               .kind = content_kind::profile,
                                               .id = first.id(0),
                                               .bytes = first.blob(3),
                                               .key = key_in(first, 4)}});
    if (!opened) co_return std::unexpected(opened.error());
    auto names = opened->front() ? read_profile_names(*opened->front()) : std::nullopt;
    // Lost, or ended while it was read.
    if (!names) co_return std::nullopt;
    co_return profile{first.id(0), std::move(names->handle), std::move(names->display_name),
                      std::move(names->bio), first.time(1)};
  }

  database& db_;
  content_vault& vault_;
  blind_index& index_;
};

}  // namespace

std::unique_ptr<profile_store> create_profile_store(database& db, content_vault& vault,
                                                    blind_index& index) {
  return std::make_unique<sql_profile_store>(db, vault, index);
}

}  // namespace cruddur::sql
