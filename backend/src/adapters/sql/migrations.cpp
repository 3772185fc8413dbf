#include "adapters/sql/migrations.hpp"

#include <regex>

#include <fmt/format.h>

#include "adapters/sql/run_blocking.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace cruddur::sql {
namespace {

const statement count_table{
    "count_migrations_table",
    {"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
     "SELECT count(to_regclass('schema_migrations'))"}};

const statement list_applied{
    "list_migrations", "SELECT number, name, checksum FROM schema_migrations ORDER BY number"};

// Held to the end of the script's transaction. SQLite has one writer anyway.
constexpr auto lock_postgres = "SELECT pg_advisory_xact_lock(4729118305);\n";

// Recording comes first: when another process has just done the same, the key stops this one.
constexpr auto record = R"(
CREATE TABLE IF NOT EXISTS schema_migrations (
  number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
);
INSERT INTO schema_migrations VALUES ({}, '{}', '{}', {});
)";

// The first statement inserts one row twice, and so breaks the key, when the migration is not there
// to be undone any more.
constexpr auto forget = R"(
INSERT INTO schema_migrations
  SELECT 0, '', '', 0 FROM (SELECT 1 UNION ALL SELECT 2) AS twice
  WHERE NOT EXISTS (SELECT 1 FROM schema_migrations WHERE number = {0});
DELETE FROM schema_migrations WHERE number = {0};
)";

constexpr auto key_field = "schema_migrations.number";

std::string checksum(const migration& each) {
  return to_hex(as_view(sha256(each.up)));
}

// How many of the known migrations are applied: always the first ones.
result<std::size_t> count_applied(database& db, std::span<const migration> known) {
  auto tables = run_blocking(db.read(count_table, {}));
  if (!tables) return std::unexpected(std::move(tables.error()));
  if (tables->rows.at(0).integer(0) == 0) return 0;
  auto applied = run_blocking(db.read(list_applied, {}));
  if (!applied) return std::unexpected(std::move(applied.error()));
  for (std::size_t i = 0; i < applied->rows.size(); ++i) {
    const row& each = applied->rows[i];
    const auto number = each.integer(0);
    if (number > std::ssize(known)) {
      return fail(
          fault_kind::conflict, "schema_from_future",
          fmt::format("The database has migration {} ({}), which this version of Cruddur "
                      "does not know: it knows {}. Run the version that made it, or a newer one.",
                      number, each.text(1), known.size()));
    }
    if (number != std::ssize(known.first(i)) + 1 || each.text(1) != known[i].name ||
        each.text(2) != checksum(known[i])) {
      return fail(
          fault_kind::conflict, "schema_checksum",
          fmt::format("Migration {} ({}) was applied to the database with another text than "
                      "this version of Cruddur has. An applied migration must not be changed.",
                      number, each.text(1)));
    }
  }
  return applied->rows.size();
}

result<> run_script(database& db, const std::string& script) {
  return db.execute_script(db.kind() == engine::postgres ? lock_postgres + script : script);
}

// Whether the fault says that another process did the work first.
bool is_overtaken(const fault& failure) {
  return failure.kind == fault_kind::conflict && failure.field == key_field;
}

// Where another process applied the migration meanwhile, what the hook asks for may be gone.
result<> run_hook(database& db, std::span<const migration> known, std::size_t next,
                  const migration_hook& prepare) {
  try {
    return prepare(known[next]);
  } catch (const std::logic_error&) {
    const auto applied = count_applied(db, known);
    if (!applied) return std::unexpected(applied.error());
    if (*applied == next) throw;
    return {};
  }
}

}  // namespace

std::vector<std::string> tables_of(std::span<const migration> migrations) {
  static const std::regex made{R"(CREATE TABLE (?:IF NOT EXISTS )?(\w+))"};
  std::vector<std::string> out;
  for (const migration& each : migrations) {
    using iterator = std::regex_iterator<std::string_view::const_iterator>;
    for (iterator found{each.up.begin(), each.up.end(), made}; found != iterator{}; ++found) {
      out.push_back((*found)[1].str());
    }
  }
  return out;
}

result<std::vector<migration_state>> migration_status(database& db,
                                                      std::span<const migration> known) {
  const auto applied = count_applied(db, known);
  if (!applied) return std::unexpected(applied.error());
  std::vector<migration_state> out;
  for (const auto& each : known) {
    out.push_back({each.number, std::string{each.name}, out.size() < *applied});
  }
  return out;
}

result<std::vector<std::string>> migration_plan(database& db, std::span<const migration> known) {
  const auto applied = count_applied(db, known);
  if (!applied) return std::unexpected(applied.error());
  std::vector<std::string> out;
  for (const auto& each : known.subspan(*applied)) out.emplace_back(each.name);
  return out;
}

result<std::vector<std::string>> migrate_up(database& db, std::span<const migration> known,
                                            const migration_hook& prepare) {
  std::vector<std::string> out;
  while (true) {
    const auto applied = count_applied(db, known);
    if (!applied) return std::unexpected(applied.error());
    if (*applied == known.size()) return out;
    const migration& next = known[*applied];
    if (prepare) {
      if (auto prepared = run_hook(db, known, *applied, prepare); !prepared) {
        return std::unexpected(std::move(prepared.error()));
      }
    }
    const auto ran = run_script(db, fmt::format(record, next.number, next.name, checksum(next),
                                                to_unix_ms(system_clock{}.now())) +
                                        std::string{next.up});
    if (ran) {
      out.emplace_back(next.name);
    } else if (!is_overtaken(ran.error())) {
      return std::unexpected(ran.error());
    }
  }
}

result<std::string> migrate_down(database& db, std::span<const migration> known) {
  const auto applied = count_applied(db, known);
  if (!applied) return std::unexpected(applied.error());
  if (*applied == 0) return std::string{};
  const migration& newest = known[*applied - 1];
  if (newest.down.starts_with(cannot_be_undone)) {
    std::string_view reason = newest.down.substr(cannot_be_undone.size());
    reason = reason.substr(0, reason.find('\n'));
    return fail(
        fault_kind::conflict, "migration_final",
        fmt::format("Migration {} ({}) can't be undone: {}", newest.number, newest.name, reason));
  }
  const auto ran = run_script(db, fmt::format(forget, newest.number) + std::string{newest.down});
  if (!ran && is_overtaken(ran.error())) {
    return fail(fault_kind::conflict, "schema_changed",
                fmt::format("Another process undid migration {} ({}) at the same time.",
                            newest.number, newest.name));
  }
  if (!ran) return std::unexpected(ran.error());
  return std::string{newest.name};
}

}  // namespace cruddur::sql
