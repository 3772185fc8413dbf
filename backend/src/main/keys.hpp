// The keys of contents: their store, which the settings name, and the vault that seals with them.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "adapters/key_file/key_file.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "adapters/sql/key_lease.hpp"
#include "adapters/sql/key_table.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"
#include "ports/content_keys.hpp"
#include "ports/ended_keys.hpp"
#include "runtime/blocking_pool.hpp"

namespace cruddur {

struct keys {
  // Where the disk is waited for.
  std::unique_ptr<runtime::blocking_pool> pool;
  std::unique_ptr<key_file::key_file> file;
  // On the file, where another machine could have a copy.
  std::unique_ptr<sql::key_lease> lease;
  std::unique_ptr<content_keys> store;
  // The store, where it is a table.
  sql::key_table* table = nullptr;
  std::unique_ptr<ended_keys> ended;
  std::unique_ptr<sql::content_vault> vault;
};

// Opens the store that the database was used with last, and makes one for a database that never had
// any. Faults, in words for the operator, before anything is written: it is missing, an older copy,
// damaged, another database's, or in use.
//
// Two steps, since the first needs no schema: only a database whose keys are there is migrated.
result<keys> find_keys(process& process, sql::database& database);
//
// Of a file that another machine may have a copy of, with `patience` for a server there that may
// have ended.
enum class patience { none, until_it_lapses };
result<> open_keys(keys& keys, process& process, sql::database& database,
                   patience patience = patience::until_it_lapses);

// What open_keys() made; a file stays open.
void close_keys(keys& keys);

// Destroys what is left of a store that the keys were moved from. Needs the newest schema. Faults,
// in words for the operator; former_keys_left when that is a key database other than the process's.
result<> clear_former_store(process& process, sql::database& database);

// Where a new key file stands until the database is told of it. Once it is, whoever opens the keys
// puts it in its place.
std::filesystem::path new_key_file(const config::settings& settings);

result<> finish_new_file(const config::settings& settings, const sql::recorded_store& recorded);

// Destroys the keys that are ready in the file and that no row refers to, as after a crash.
result<> settle_file(process& process, key_file::key_file& file, ended_keys& contents);

// Whether the settings name the store that is recorded, and whether that is a key file that has
// come as far as the database has seen it. Faults: in words for the operator.
result<> check_place(const config::settings& settings,
                     const std::optional<sql::recorded_store>& recorded);
result<> check_key_file(const key_file::identity& self,
                        const std::optional<sql::recorded_store>& recorded,
                        const std::filesystem::path& path);
std::unexpected<fault> missing_key_file(const std::filesystem::path& path);

}  // namespace cruddur
