#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/key_store.hpp"
#include "ports/session_store.hpp"

namespace cruddur::sql {

// `db` must outlive the stores.
std::unique_ptr<session_store> create_session_store(database& db);
std::unique_ptr<key_store> create_key_store(database& db);

}  // namespace cruddur::sql
