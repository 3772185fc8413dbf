// How a sealed record is read from a row: its slot, its bytes, and its key where that stands in the
// same database.
#pragma once

#include <optional>
#include <string>

#include "adapters/sql/database.hpp"
#include "base/secret.hpp"

namespace cruddur::sql {

// A column with the key of the slot in that column, whose table must be named. Null where keys are
// kept elsewhere. The limit is for a key that stands on both sides while keys are copied.
inline dialects key_of(const std::string& slot) {
  return {"NULL", "(SELECT k.key FROM content_keys k WHERE k.slot = " + slot + " LIMIT 1)"};
}

inline std::optional<secret> key_in(const row& columns, std::size_t column) {
  if (columns.is_null(column)) return std::nullopt;
  const std::string& key = columns.blob(column);
  if (key.size() != secret::size) return std::nullopt;
  secret out;
  std::copy(key.begin(), key.end(), out.bytes().begin());
  return out;
}

}  // namespace cruddur::sql
