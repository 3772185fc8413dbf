// What a PostgreSQL database must be before a server may start on it.
#pragma once

#include <string>
#include <vector>

#include "base/fault.hpp"

namespace cruddur::postgres {

// Encoded in UTF-8, writable, and with sessions of its own for each connection, not a pooler's that
// change with every transaction. A server that can't be reached now passes. Blocks. Fault
// (unavailable): in words for the operator.
result<> check_server(const std::string& url);

// Whether the role may read and write these tables, as far as they exist. Blocks. Faults as above.
result<> check_rights(const std::string& url, const std::vector<std::string>& tables);

}  // namespace cruddur::postgres
