// PostgreSQL's own programs (pg_dump, pg_restore), run on the database of a URL.
#pragma once

#include <string>
#include <vector>

#include "base/fault.hpp"

namespace cruddur::postgres {

// Runs the program, found by PATH, with these arguments and then --dbname; without a URL, with the
// arguments alone. The password goes by the environment, where other users can't read it. Gives
// what it printed. Blocks. Fault (unavailable, tool_failed), in words for the operator: it is not
// installed, or what it said when it failed.
result<std::string> run_tool(const std::string& program, std::vector<std::string> arguments,
                             const std::string& url = {});

}  // namespace cruddur::postgres
