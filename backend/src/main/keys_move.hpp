// cruddur keys move TO
#pragma once

#include <string_view>

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

// Copies every key into another store ("file:", "database:" or the address of a database of their
// own; from there KEYS_URL must be that), names that as the database's, and
// destroys the keys where they were. Slots stay the same. Stopped at any time, it leaves one of the
// two stores in force, and can be run again: what is left of the other goes then, or, but for a
// database of their own, when a server starts. No server may run. Fault: in words for the operator.
result<> move_keys(process& process, sql::database& database, std::string_view target);

}  // namespace cruddur
