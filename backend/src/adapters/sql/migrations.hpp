// Numbered, checksummed schema changes that live inside the binary
// (backend/db/migrations/{sqlite,postgres}/NNNN_name.{up,down}.sql).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sql/database.hpp"

namespace cruddur::sql {

struct migration {
  int number;             // 1, 2, 3, … without gaps
  std::string_view name;  // as in the file's name
  std::string_view up;
  std::string_view down;
};

// Those of one engine, in order. Made at build time from the files.
std::span<const migration> migrations_for(engine kind);

// The tables that the migrations make.
std::vector<std::string> tables_of(std::span<const migration> migrations);

struct migration_state {
  int number;
  std::string name;
  bool applied;
};

// Each may be called while other processes do the same: one works, the others wait. Each migration
// is one transaction. All block, so never on an event loop. Faults (kind conflict) in words for the
// operator: schema_from_future when the database has a migration that is not `known`;
// schema_checksum when an applied migration's text is not the known one. A migration that the
// engine refuses throws std::logic_error and changes nothing.
result<std::vector<migration_state>> migration_status(database& db,
                                                      std::span<const migration> known);

// Called before each migration that is applied, for what SQL alone can't do; its fault stops there.
using migration_hook = std::function<result<>(const migration& next)>;

// The names applied.
result<std::vector<std::string>> migrate_up(database& db, std::span<const migration> known,
                                            const migration_hook& prepare = {});

// Undoes the newest; its name, empty when none is applied. Fault migration_final, in words, when
// that can't be undone: its `down` says why behind `cannot_be_undone`.
result<std::string> migrate_down(database& db, std::span<const migration> known);
inline constexpr std::string_view cannot_be_undone = "-- cannot be undone: ";

// What migrate_up would apply.
result<std::vector<std::string>> migration_plan(database& db, std::span<const migration> known);

// The same with the migrations of this binary.
inline auto migration_status(database& db) {
  return migration_status(db, migrations_for(db.kind()));
}
inline auto migrate_up(database& db, const migration_hook& prepare = {}) {
  return migrate_up(db, migrations_for(db.kind()), prepare);
}
inline auto migrate_down(database& db) {
  return migrate_down(db, migrations_for(db.kind()));
}
inline auto migration_plan(database& db) {
  return migration_plan(db, migrations_for(db.kind()));
}

}  // namespace cruddur::sql
