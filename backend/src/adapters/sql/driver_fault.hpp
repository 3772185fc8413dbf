// Why a driver could not do what a store asked for: one enumeration for both engines.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace cruddur::sql {

enum class driver_fault : std::uint8_t {
  // The engine works; the data forbid the write.
  unique_violation,
  foreign_key_violation,

  // Refused work. Of a write nobody knows what became, except with `busy`.
  busy,         // too much waits already: nothing was tried
  contended,    // lost to other transactions each time it was tried
  unreachable,  // no connection, or it was lost
  timed_out,    // the engine's own limit for a statement
  disk_full,
  forbidden,  // a right that an operator took away, and may give back
  read_only,  // the server, session or file can't be written
  io,
  broken,  // damaged data, or an error inside the engine
};

// In the order of the enumeration, for labels and logs.
inline constexpr std::array<std::string_view, 11> driver_fault_names{"unique_violation",
                                                                     "foreign_key_violation",
                                                                     "busy",
                                                                     "contended",
                                                                     "unreachable",
                                                                     "timed_out",
                                                                     "disk_full",
                                                                     "forbidden",
                                                                     "read_only",
                                                                     "io",
                                                                     "broken"};

constexpr std::string_view name_of(driver_fault kind) {
  return driver_fault_names.at(static_cast<std::size_t>(kind));
}

// Whether the engine refused the work, rather than the data.
constexpr bool is_refusal(driver_fault kind) {
  return kind != driver_fault::unique_violation && kind != driver_fault::foreign_key_violation;
}

struct driver_error {
  driver_fault kind = driver_fault::unreachable;
  // Of a unique_violation: "table.column" or "table.column,column" in the order of the constraint,
  // and for an index over an expression the index's name.
  std::string field = {};

  // What callers outside are told: `conflict` (code unique_violation or foreign_key_violation),
  // else `unavailable` (code database_busy, or database_unavailable for all others).
  operator fault() const;  // NOLINT(google-explicit-constructor): a store passes it on
};

// Hears of each piece of refused work: why, and what the engine said where that is not told
// otherwise. On any thread; quick.
using refusal_hook = std::function<void(driver_fault kind, std::string_view detail)>;

template <class T = void>
using driver_result = std::expected<T, driver_error>;

inline std::unexpected<driver_error> refused(driver_fault kind) {
  return std::unexpected(driver_error{.kind = kind});
}

}  // namespace cruddur::sql
