#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/timelines.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<timelines> create_timelines(database& db);

}  // namespace cruddur::sql
