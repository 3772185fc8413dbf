// A copy of a database in one file, taken while a server uses it.
#pragma once

#include <filesystem>

#include "base/fault.hpp"

namespace cruddur::sqlite {

// Writes what is committed now into a new file, without what was deleted, and waits for the disk.
// Writers go on meanwhile. Blocks. Fault (unavailable, archive_failed), in words for the operator;
// a file that was begun is left.
result<> write_archive(const std::filesystem::path& database, const std::filesystem::path& archive);

// Fault unless SQLite finds the whole file sound. Blocks.
result<> check_archive(const std::filesystem::path& archive);

}  // namespace cruddur::sqlite
