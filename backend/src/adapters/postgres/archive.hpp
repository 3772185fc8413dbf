// A copy of a database in one file, in the custom format of pg_dump, without the keys that are kept
// in it.
#pragma once

#include <filesystem>
#include <string>

#include "base/fault.hpp"

namespace cruddur::postgres {

// All block. Faults (unavailable; tool_failed, archive_failed) in words for the operator.

// Writes one snapshot into a new file and waits for the disk; writers go on meanwhile. A file that
// was begun is left after a fault.
result<> write_archive(const std::string& url, const std::filesystem::path& archive);

// Fault unless pg_restore can read the whole file.
result<> check_archive(const std::filesystem::path& archive);

// Fills an empty database, as one transaction. A table marks it as half restored until
// finish_restore(): its keys are still missing.
result<> restore_archive(const std::string& url, const std::filesystem::path& archive);
result<> finish_restore(const std::string& url);

// How many tables and sequences stand in the schema that the role uses.
result<std::int64_t> count_tables(const std::string& url);

}  // namespace cruddur::postgres
