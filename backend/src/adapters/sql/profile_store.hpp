#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/profile_store.hpp"

namespace cruddur::sql {

// `db` must outlive the store.
std::unique_ptr<profile_store> create_profile_store(database& db);

}  // namespace cruddur::sql
