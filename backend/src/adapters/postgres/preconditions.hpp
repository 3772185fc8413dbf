// What a PostgreSQL database must be before a server may start on it.
#pragma once

#include <string>
#include <vector>

#include "base/fault.hpp"

namespace cruddur::postgres {

// Checks that the database is encoded in UTF-8, that it can be written, and that each connection
// has a session of the server to itself (a pooler may change the session with every transaction). A
// server that can't be reached now passes. Blocks. Fault (unavailable, code database_unfit): its
// sentence is for the operator.
result<> check_server(const std::string& url);

// What a process that moves keys is called among the sessions of the database, while a server is
// called cruddur, unless the URL names both otherwise.
inline constexpr const char* upkeep_name = "cruddur keys";

// Checks that no server and no such process is connected to the database, or no such process.
// Otherwise as above.
result<> check_unused(const std::string& url);
result<> check_no_upkeep(const std::string& url);

// Checks that the role may read and write those of these tables that exist. Otherwise as above.
result<> check_rights(const std::string& url, const std::vector<std::string>& tables);

}  // namespace cruddur::postgres
