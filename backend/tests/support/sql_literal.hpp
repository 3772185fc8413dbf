// Statements of tests, written where they are run: db.read("SELECT 1"_sql, {}).
#pragma once

#include "adapters/sql/statement.hpp"

namespace cruddur {

// The same text is the same statement, which lives as long as the program. Its name is "test".
const sql::statement& operator""_sql(const char* text, std::size_t size);

}  // namespace cruddur
