#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<activity_store> create_activity_store(database& db);

}  // namespace cruddur::sql
