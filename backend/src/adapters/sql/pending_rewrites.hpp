// Tables whose pages hold clear text still, which an older version wrote there.
#pragma once

#include <string>
#include <vector>

#include "adapters/sql/database.hpp"

namespace cruddur::sql {

// The schema must be up to date.
task<result<std::vector<std::string>>> pending_rewrites(database& db);

// They have been rewritten.
task<result<>> forget_rewrites(database& db);

}  // namespace cruddur::sql
