#include "main/migrate_command.hpp"

#include <fmt/format.h>

#include "adapters/sql/migrations.hpp"
#include "main/compose.hpp"
#include "telemetry/log.hpp"

namespace cruddur {
namespace {

result<> up(sql::database& db, std::span<const sql::migration> known) {
  const auto applied = sql::migrate_up(db, known);
  if (!applied) return std::unexpected(applied.error());
  for (const std::string& name : *applied) fmt::print("applied {}\n", name);
  if (applied->empty()) fmt::print("nothing to apply\n");
  return {};
}

result<> down(sql::database& db, std::span<const sql::migration> known) {
  const auto undone = sql::migrate_down(db, known);
  if (!undone) return std::unexpected(undone.error());
  fmt::print("{}\n", undone->empty() ? "nothing to undo" : "undid " + *undone);
  return {};
}

result<> status(sql::database& db, std::span<const sql::migration> known) {
  const auto all = sql::migration_status(db, known);
  if (!all) return std::unexpected(all.error());
  for (const auto& each : *all) {
    fmt::print("{:04} {} {}\n", each.number, each.applied ? "applied" : "pending", each.name);
  }
  return {};
}

result<> plan(sql::database& db, std::span<const sql::migration> known) {
  const auto pending = sql::migration_plan(db, known);
  if (!pending) return std::unexpected(pending.error());
  for (const std::string& name : *pending) fmt::print("would apply {}\n", name);
  if (pending->empty()) fmt::print("nothing to apply\n");
  return {};
}

}  // namespace

result<> migrate(const config::settings& from, std::string_view what) {
  telemetry::program_log log{
      {.format = telemetry::log_format::text, .least = log_level::warning, .sink = {}}};
  runtime::event_loops loops{1};
  auto db = open_database(from, loops, log, {});
  if (!db) return std::unexpected(std::move(db.error()));
  const auto known = sql::migrations_for((*db)->kind());
  const auto work = what == "up" ? up : what == "down" ? down : what == "status" ? status : plan;
  auto done = work(**db, known);
  loops.stop();
  (*db)->close();
  return done;
}

}  // namespace cruddur
