#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/threads.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<threads> create_threads(database& db);

}  // namespace cruddur::sql
