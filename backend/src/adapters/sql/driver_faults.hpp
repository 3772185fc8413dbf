// The faults that both drivers give, so that stores and people see the same ones on each engine.
#pragma once

#include "base/fault.hpp"

namespace cruddur::sql {

inline fault unique_violation(std::string field) {
  return {
      fault_kind::conflict, {"unique_violation"}, "There is one already.", std::move(field), {}};
}

inline fault foreign_key_violation() {
  return {fault_kind::conflict, {"foreign_key_violation"}, "What it belongs to is gone.", {}, {}};
}

inline fault unavailable() {
  return {fault_kind::unavailable,
          {"database_unavailable"},
          "The database is out of reach. Try again in a moment.",
          {},
          std::chrono::seconds{2}};
}

inline fault busy() {
  return {fault_kind::unavailable,
          {"database_busy"},
          "There is more to write than the disk can take. Try again in a moment.",
          {},
          std::chrono::seconds{1}};
}

}  // namespace cruddur::sql
