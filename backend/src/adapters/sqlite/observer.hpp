// A SQLite database that another process may be using, to be read only.
#pragma once

#include <filesystem>
#include <memory>

#include "adapters/sql/database.hpp"

namespace cruddur::sqlite {

// Takes no lock and makes nothing. Whatever would write is refused as read_only. Fault
// (unavailable, database_unavailable), in words for the operator, when there is no such file.
result<std::unique_ptr<sql::database>> observe_database(const std::filesystem::path& path);

}  // namespace cruddur::sqlite
