#pragma once

#include <memory>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/threads.hpp"

namespace cruddur::sql {

// Both must outlive it.
std::unique_ptr<threads> create_threads(database& db, content_vault& vault);

}  // namespace cruddur::sql
