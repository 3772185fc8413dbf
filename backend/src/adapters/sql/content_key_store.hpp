// Which store of content keys a database was used with last, so that neither is used with another.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "base/uuid.hpp"

namespace cruddur::sql {

struct recorded_store {
  uuid id;
  std::uint64_t generation = 0;
};

// Nothing in a database that was never used with one, also when it has no schema yet. Blocks.
result<std::optional<recorded_store>> read_key_store(database& db);

// The generation never goes back.
task<result<>> record_key_store(database& db, recorded_store store);

}  // namespace cruddur::sql
