// The pool's secret in a file of its own.
#pragma once

#include <filesystem>
#include <string>

#include "base/fault.hpp"

namespace cruddur::user_pool {

// The raw secret (pool_secret_bytes long) in the file at `path`: one line of 64 hexadecimal digits,
// readable by its owner only. When there is no file, makes folder and file; of processes that race,
// all get the same secret. Blocks. Fault: unavailable (secret_unavailable), in words for the
// operator.
result<std::string> load_or_create_secret(const std::filesystem::path& path);

}  // namespace cruddur::user_pool
