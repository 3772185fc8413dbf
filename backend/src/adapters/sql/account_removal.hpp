// The end of an account of the local user pool.
#pragma once

#include <string>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/database.hpp"
#include "base/task.hpp"

namespace cruddur::sql {

// See account_store::remove().
task<result<>> remove_account(database& db, blind_index& index, uuid id, std::string handle,
                              time_point now);

}  // namespace cruddur::sql
