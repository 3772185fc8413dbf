#pragma once

#include <memory>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/timelines.hpp"

namespace cruddur::sql {

// Both must outlive it.
std::unique_ptr<timelines> create_timelines(database& db, content_vault& vault);

}  // namespace cruddur::sql
