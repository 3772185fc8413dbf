// Where tries at passwords are counted, on either engine.
#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/sign_in_tries.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<sign_in_tries> create_sign_in_tries(database& db);

}  // namespace cruddur::sql
