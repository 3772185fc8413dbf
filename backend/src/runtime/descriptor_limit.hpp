// How many files and sockets the process may have open (getrlimit(2), RLIMIT_NOFILE).
#pragma once

#include <cstddef>

namespace cruddur::runtime {

// Raises the limit in force to `wanted`, as far as the system lets it; never lowers it. Gives what
// it is then.
std::size_t raise_descriptor_limit(std::size_t wanted);

}  // namespace cruddur::runtime
