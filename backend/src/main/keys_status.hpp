// cruddur keys status
#pragma once

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

// Prints where the keys are, how many there are, and which still wait for their end. Reads only,
// and takes no lock. Fault: the store does not fit the database, in words for the operator.
result<> print_key_status(process& process, sql::database& database);

}  // namespace cruddur
