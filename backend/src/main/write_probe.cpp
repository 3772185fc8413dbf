#include "main/write_probe.hpp"

#include <fmt/format.h>

namespace cruddur {
namespace {

constexpr std::chrono::seconds fresh{2};
constexpr std::chrono::seconds hung{5};

// SQLite writes only when a row changes, so the last bit of a time in milliseconds flips.
// PostgreSQL refuses a statement that might write as soon as it can't write, so no row need change
// there (and each change would be recorded in its log).
const sql::statement touch{
    "touch_database",
    {"UPDATE schema_migrations SET applied_at = (applied_at | 1) - (applied_at & 1) WHERE number = "
     "1",
     "UPDATE users SET removed = removed WHERE false"},
    sql::traces::harmless};

// A parameter: the tables' names, with commas between.
const sql::statement missing_rights{
    "select_missing_rights",
    "SELECT count(*) FROM pg_class"
    " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted"
    " WHERE relkind IN ('r', 'p') AND pg_table_is_visible(pg_class.oid)"
    " AND relname = ANY(string_to_array($1, ','))"
    " AND NOT has_table_privilege(pg_class.oid, wanted)"};

}  // namespace

write_probe::write_probe(sql::database& database, const std::vector<std::string>& tables)
    : database_{database}, tables_{fmt::format("{}", fmt::join(tables, ","))} {}

std::optional<bool> write_probe::known() {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (trying_since_) return now - *trying_since_ < hung && last_;
  if (last_ && learnt_ && now - *learnt_ < fresh) return true;
  trying_since_ = now;
  return std::nullopt;
}

void write_probe::learn(bool good) {
  const std::lock_guard lock{mutex_};
  last_ = good;
  learnt_ = std::chrono::steady_clock::now();
  trying_since_.reset();
}

task<bool> write_probe::write_now() {
  const auto written = co_await database_.write_one(touch, {});
  if (!written) co_return false;
  if (database_.kind() == sql::engine::sqlite) co_return true;
  const auto missing = co_await database_.read(missing_rights, {tables_});
  co_return missing && missing->rows.front().integer(0) == 0;
}

task<bool> write_probe::can_write() {
  if (const auto answer = known()) co_return *answer;
  bool good = false;
  try {
    good = co_await write_now();
  } catch (const std::exception&) {
    good = false;
  }
  learn(good);
  co_return good;
}

}  // namespace cruddur
