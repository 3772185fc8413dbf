#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/reactions.hpp"

namespace cruddur::sql {

// `db` must outlive it.
std::unique_ptr<reactions> create_reactions(database& db);

}  // namespace cruddur::sql
