#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/session_store.hpp"

namespace cruddur::sql {

// `db` must outlive the store.
std::unique_ptr<session_store> create_session_store(database& db);

}  // namespace cruddur::sql
