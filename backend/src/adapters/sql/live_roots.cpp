#include "adapters/sql/live_roots.hpp"

#include <algorithm>
#include <ranges>

#include "domain/time_to_live.hpp"

namespace cruddur::sql {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t first_floor = 5;                 // the number of its parameter
constexpr std::size_t classes = lifetimes.size() + 1;  // the last: longer than any

// As the indices have it (db/migrations/*/0010_live_roots.up.sql), from the shortest on.
std::string lifetime_cases(const std::string& table) {
  std::string out;
  int number = 0;
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    out += "WHEN " + table + ".expires_at - " + table +
           ".created_at <= " + std::to_string(milliseconds{each.duration}.count()) + " THEN " +
           std::to_string(number++) + " ";
  }
  return out + "ELSE " + std::to_string(number) + " END)";
}

std::string class_of_root() {
  return "(CASE " + lifetime_cases("a");
}

// Replies are past all classes.
std::string class_of_author(const std::string& table) {
  return "(CASE WHEN " + table + ".root_uuid IS NOT NULL THEN " + std::to_string(classes) + " " +
         lifetime_cases(table);
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

// What is to be read: the class as an index has it, and what else a row must meet.
struct choice {
  std::string class_of;
  std::string condition;
};

std::string select(const std::string& columns) {
  return "SELECT " + columns + " FROM activities a WHERE a.root_uuid IS NULL AND ";
}

std::string rest_of(const choice& wanted) {
  return " AND a.uuid < $3 AND a.expires_at > $2 AND " + wanted.condition + " ";
}

// SQLite merges the parts of a compound in their order and takes no more of each than it needs.
std::string merged_ids(const choice& wanted) {
  std::string out = "(";
  for (std::size_t i = 0; i < classes; ++i) {
    if (i > 0) out += "UNION ALL ";
    out += select("a.uuid") + wanted.class_of + " = " + std::to_string(i) +
           " AND a.uuid >= " + floor_of(i) + rest_of(wanted);
  }
  return out + "ORDER BY uuid DESC LIMIT $4)";
}

// PostgreSQL plans one part for all, which keeps to the index and is short to plan.
std::string joined(const std::string& columns, const choice& wanted) {
  std::string out = "(SELECT a.* FROM (VALUES ";
  for (std::size_t i = 0; i < classes; ++i) {
    if (i > 0) out += ", ";
    out += "(" + std::to_string(i) + ", CAST(" + floor_of(i) + " AS uuid))";
  }
  return out + ") part (class, floor) CROSS JOIN LATERAL (" + select(columns) + wanted.class_of +
         " = part.class AND a.uuid >= part.floor" + rest_of(wanted) +
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint)) a "
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint))";
}

// What is carried through a compound is copied at each of its steps, so SQLite merges ids and looks
// the rows up behind it.
live_roots rows_of(const choice& wanted) {
  return {merged_ids(wanted) + " k CROSS JOIN activities a ON a.uuid = k.uuid ",
          joined("a.*", wanted) + " a"};
}

}  // namespace

live_roots newest_live_roots(const std::string& condition) {
  return rows_of({class_of_root(), condition});
}

live_roots newest_live_root_ids(const std::string& condition) {
  const choice wanted{class_of_root(), condition};
  return {merged_ids(wanted) + " a", joined("a.uuid", wanted) + " a"};
}

live_roots newest_live_roots_of(const std::string& author) {
  return rows_of({class_of_author("a"), "a.user_uuid = " + author});
}

std::string order_of_author(const std::string& table) {
  return class_of_author(table) + ", " + table + ".uuid DESC";
}

void append_floors(parameters& values, time_point now, uuid oldest) {
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    const time_point born_after = now - each.duration + milliseconds{1};
    values.emplace_back(std::max(oldest, least_id(born_after)));
  }
  values.emplace_back(oldest);
}

}  // namespace cruddur::sql
