#include "adapters/sql/live_roots.hpp"

#include <algorithm>
#include <ranges>

namespace cruddur::sql {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t first_floor = 5;                 // the number of its parameter
constexpr std::size_t classes = lifetimes.size() + 1;  // of roots

// No id of that moment or a later one is less than this.
uuid least_id(time_point time) {
  const std::int64_t ms = std::max<std::int64_t>(0, to_unix_ms(time));
  uuid id;
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  }
  return id;
}

std::string floor_of(std::size_t number) {
  return "$" + std::to_string(first_floor + number);
}

std::string select(const std::string& columns, const std::string& condition) {
  return "SELECT " + columns + " FROM activities a WHERE a.expires_at > $2 AND a.uuid < $3 AND " +
         condition + " AND ";
}

// SQLite merges the parts of a compound in their order and takes no more of each than it needs.
std::string merged_ids(const std::string& condition) {
  std::string out = "(";
  for (std::size_t i = 0; i < classes; ++i) {
    if (i > 0) out += "UNION ALL ";
    out += select("a.uuid", condition) + "a.lifetime_class = " + std::to_string(i) +
           " AND a.uuid >= " + floor_of(i) + " ";
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
  return out + ") part (class, floor) CROSS JOIN LATERAL (" + select(columns, condition) +
         "a.lifetime_class = part.class AND a.uuid >= part.floor "
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint)) a "
         "ORDER BY a.uuid DESC LIMIT CAST($4 AS bigint))";
}

// What the index of all live roots holds. A person's are read by their own index alone.
std::string anybodys(const std::string& condition) {
  return "a.lifetime_class >= 0 AND a.user_uuid IS NOT NULL" +
         (condition.empty() ? "" : " AND " + condition);
}

// What is carried through a compound is copied at each of its steps, so SQLite merges ids and looks
// the rows up behind it.
dialects rows_of(const std::string& condition) {
  return {merged_ids(condition) + " k CROSS JOIN activities a ON a.uuid = k.uuid ",
          joined("a.*", condition) + " a"};
}

}  // namespace

std::int64_t lifetime_class(time_point created_at, time_point expires_at) {
  std::int64_t number = 0;
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    if (expires_at - created_at <= each.duration) return number;
    ++number;
  }
  return number;
}

dialects newest_live_roots(const std::string& condition) {
  return rows_of(anybodys(condition));
}

dialects newest_live_root_ids() {
  return {merged_ids(anybodys("")) + " a", joined("a.uuid", anybodys("")) + " a"};
}

dialects newest_live_roots_of(const std::string& author) {
  return rows_of("a.user_uuid = " + author);
}

void append_floors(parameters& values, time_point now, uuid oldest) {
  for (const time_to_live& each : std::views::reverse(lifetimes)) {
    const time_point born_after = now - each.duration + milliseconds{1};
    values.emplace_back(std::max(oldest, least_id(born_after)));
  }
  values.emplace_back(oldest);
}

}  // namespace cruddur::sql
