// Every table whose rows hold the slot of a content key. A new one is a line here, and triggers in
// its migration that write the slots of its rows into ended_keys.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/slot_list.hpp"

namespace cruddur::sql {

struct slot_table {
  // Has the columns `slot` and, for a record, `sealed`.
  std::string_view name;
  // The column whose value is bound to the record.
  std::string_view id;
  // Nothing where the record is bound to something else; then only its key is looked for.
  std::optional<content_kind> kind;
  // For the operator: "posts".
  std::string_view contents;
  // What ends a row whose record is lost, up to WHERE; $3 is the time.
  std::string_view end_lost;
};

inline constexpr std::array slot_tables{
    slot_table{"activities", "uuid", content_kind::activity, "posts", hide_activities},
    slot_table{"users", "uuid", content_kind::profile, "profiles", remove_people},
    slot_table{"pool_accounts", "uuid", content_kind::account, "accounts",
               "DELETE FROM pool_accounts"},
    slot_table{"pool_codes", "account_uuid", content_kind::code, "codes", "DELETE FROM pool_codes"},
    // The index makes itself a new key.
    slot_table{"index_keys", "generation", std::nullopt, "keys of the index of names",
               "UPDATE index_keys SET replaced_at = COALESCE(replaced_at, $3)"},
};

// The rows of all tables that fit `where`, which names `slot`: "SELECT slot FROM … UNION ALL …".
inline dialects slots_where(const dialects& where) {
  dialects out{""};
  for (const slot_table& each : slot_tables) {
    out = out + (out.sqlite.empty() ? "" : " UNION ALL ") + "SELECT slot FROM " +
          std::string{each.name} + " WHERE " + where;
  }
  return out;
}

}  // namespace cruddur::sql
