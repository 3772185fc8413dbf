#include "main/migrate_command.hpp"

#include <fmt/format.h>

#include "adapters/sql/migrations.hpp"
#include "main/command.hpp"
#include "main/storage.hpp"

namespace cruddur {
namespace {

using known_migrations = std::span<const sql::migration>;

result<> up(process& process, sql::database& database, known_migrations) {
  auto keys = find_keys(process, database);
  if (!keys) return std::unexpected(std::move(keys.error()));
  const auto applied = migrate_up(database, *keys, process);
  if (!applied) return std::unexpected(applied.error());
  for (const std::string& name : *applied) fmt::print("applied {}\n", name);
  if (applied->empty()) fmt::print("nothing to apply\n");
  return {};
}

result<> down(process&, sql::database& database, known_migrations known) {
  const auto undone = sql::migrate_down(database, known);
  if (!undone) return std::unexpected(undone.error());
  fmt::print("{}\n", undone->empty() ? "nothing to undo" : "undid " + *undone);
  return {};
}

result<> status(process&, sql::database& database, known_migrations known) {
  const auto all = sql::migration_status(database, known);
  if (!all) return std::unexpected(all.error());
  for (const auto& each : *all) {
    fmt::print("{:04} {} {}\n", each.number, each.applied ? "applied" : "pending", each.name);
  }
  return {};
}

result<> plan(process&, sql::database& database, known_migrations known) {
  const auto pending = sql::migration_plan(database, known);
  if (!pending) return std::unexpected(pending.error());
  for (const std::string& name : *pending) fmt::print("would apply {}\n", name);
  if (pending->empty()) fmt::print("nothing to apply\n");
  return {};
}

}  // namespace

result<> migrate(config::settings settings, std::string_view direction) {
  return run_on_database(std::move(settings), [&](process& process, sql::database& database) {
    const auto known = sql::migrations_for(database.kind());
    const auto work = direction == "up"       ? up
                      : direction == "down"   ? down
                      : direction == "status" ? status
                                              : plan;
    return work(process, database, known);
  });
}

}  // namespace cruddur
