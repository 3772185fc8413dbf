// Which store of content keys a database was used with last, so that neither is used with another.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "base/uuid.hpp"

namespace cruddur::sql {

// What is recorded of keys that stand in the database itself.
inline constexpr uuid in_database{};

struct recorded_store {
  uuid id;
  // Of 1,024 slots each, how many blocks were given out.
  std::uint64_t generation = 0;
};

// A key file's id is random. That of a database which keeps only the keys is the first half of the
// database's id and the letters "database".
enum class store_kind : std::uint8_t { table, file, key_database };
store_kind kind_of(const uuid& store);

// What a database that keeps only the keys of another is recorded as. PostgreSQL only.
task<result<recorded_store>> read_key_database(database& db);

// Nothing in a database that was never used with one, also when it has no schema yet. Blocks.
result<std::optional<recorded_store>> read_key_store(database& db);

// Whether a restore into this database was stopped before its keys were there. Blocks.
result<bool> is_half_restored(database& db);

// The generation never goes back.
task<result<>> record_key_store(database& db, recorded_store store);

// From now on `next` is the store, and the one before it is to be destroyed: until it is forgotten
// it stands as the former one. Nothing changes when `next` is the store already.
task<result<>> switch_key_store(database& db, recorded_store next);
task<result<std::optional<uuid>>> read_former_store(database& db);
task<result<>> forget_former_store(database& db);

// Names the database in its backups. Migration 0013 gives it a name; what is restored, or goes on
// with other keys, gets another, so that its backups don't take the place of those of the first.
task<result<uuid>> read_database_id(database& db);
result<bool> has_database_id(database& db);  // Blocks.
task<result<>> renew_database_id(database& db);

}  // namespace cruddur::sql
