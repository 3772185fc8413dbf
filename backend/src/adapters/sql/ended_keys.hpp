#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/ended_keys.hpp"

namespace cruddur::sql {

// The table that triggers fill when a row with a slot goes or gets another slot. The database must
// outlive it.
std::unique_ptr<ended_keys> create_ended_keys(database& db);

}  // namespace cruddur::sql
