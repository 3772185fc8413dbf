#pragma once

#include <memory>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"

namespace cruddur::sql {

// Both must outlive it.
std::unique_ptr<activity_store> create_activity_store(database& db, content_vault& vault);

}  // namespace cruddur::sql
