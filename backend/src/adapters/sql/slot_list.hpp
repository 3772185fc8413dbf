// Key slots as a parameter of a statement.
#pragma once

#include <string>
#include <vector>

#include "adapters/sql/statement.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::sql {

// The rows of the list $1.
inline const dialects listed_slots{
    "(SELECT value FROM json_each($1))",
    "(SELECT CAST(jsonb_array_elements_text(CAST(CAST($1 AS text) AS jsonb)) AS bigint))"};

inline std::string slot_list(const std::vector<key_slot>& slots) {
  std::string out = "[";
  for (const key_slot each : slots) {
    if (out.size() > 1) out += ',';
    out += std::to_string(each);
  }
  return out += ']';
}

}  // namespace cruddur::sql
