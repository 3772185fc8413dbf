#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/retention.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<retention> create_retention(database& db);

}  // namespace cruddur::sql
