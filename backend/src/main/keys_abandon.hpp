// cruddur keys abandon
#pragma once

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

enum class consent { missing, given };

// For keys that are lost: their file is missing, damaged, or only an older copy is left. Tries to
// open every record, and prints how many are lost. With consent it goes on without them: what opens
// keeps its key, in a new file; what does not ends as lost; and no slot that a row had is given out
// again. No server may run. Fault: in words for the operator.
result<> abandon_keys(process& process, sql::database& database, consent consent);

}  // namespace cruddur
