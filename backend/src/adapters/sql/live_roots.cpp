#include "adapters/sql/live_roots.hpp"

#include <algorithm>
#include <ranges>

#include "domain/time_to_live.hpp"

namespace cruddur::sql {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t first_floor = 5;                 // the number of its parameter
constexpr std::size_t classes = lifetimes.size() + 1;  // the last: longer than any

// As the index has it (db/migrations/*/0010_live_roots.up.sql), from the shortest on.
std::string lifetime_class() {
  std::string out = "(CASE ";
  int number = 0;
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    out += "WHEN a.expires_at - a.created_at <= " +
           std::to_string(milliseconds{each.duration}.count()) + " THEN " +
           std::to_string(number++) + " ";
  }
  return out + "ELSE " + std::to_string(number) + " END)";
}

// No id of that moment or a later one is less than this.
uuid least_id(time_point at) {
  const std::int64_t ms = std::max<std::int64_t>(0, to_unix_ms(at));
  uuid id;
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  }
  return id;
}

std::string floor_of(std::size_t number) {
  return "$" + std::to_string(first_floor + number);
}

std::string select(const std::string& columns) {
  return "SELECT " + columns + " FROM activities a WHERE a.root_uuid IS NULL AND ";
}

std::string below(const std::string& condition) {
  return " AND a.uuid < $3 AND a.expires_at > $2 AND " + condition + " ";
}

// SQLite merges the parts of a compound in their order and takes no more of each than it needs.
std::string merged_ids(const std::string& condition) {
  std::string out = "(";
  for (std::size_t i = 0; i < classes; ++i) {
    if (i > 0) out += "UNION ALL ";
    out += select("a.uuid") + lifetime_class() + " = " + std::to_string(i) +
           " AND a.uuid >= " + floor_of(i) + condition;
  }
  return out + "ORDER BY uuid DESC LIMIT $4)";
}

// PostgreSQL plans one part for all, which keeps to the index and is short to plan.
std::string joined(const std::string& columns, const std::string& condition) {
  std::string out = "(SELECT a.* FROM (VALUES ";
  for (std::size_t i = 0; i < classes; ++i) {
    if (i > 0) out += ", ";
    out += "(" + std::to_string(i) + ", CAST(" + floor_of(i) + " AS uuid))";
  }
  return out + ") part (class, floor) CROSS JOIN LATERAL (" + select(columns) + lifetime_class() +
         " = part.class AND a.uuid >= part.floor" + condition +
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint)) a "
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint))";
}

}  // namespace

// What is carried through a compound is copied at each of its steps, so SQLite merges ids and looks
// the rows up behind it.
live_roots newest_live_roots(const std::string& condition) {
  const std::string rest = below(condition);
  return {merged_ids(rest) + " k CROSS JOIN activities a ON a.uuid = k.uuid ",
          joined("a.*", rest) + " a"};
}

live_roots newest_live_root_ids(const std::string& condition) {
  const std::string rest = below(condition);
  return {merged_ids(rest) + " a", joined("a.uuid", rest) + " a"};
}

void append_floors(parameters& values, time_point now, uuid oldest) {
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    const time_point born_after = now - each.duration + milliseconds{1};
    values.emplace_back(std::max(oldest, least_id(born_after)));
  }
  values.emplace_back(oldest);
}

}  // namespace cruddur::sql
