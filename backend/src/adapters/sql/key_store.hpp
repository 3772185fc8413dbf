#pragma once

#include <memory>

#include "adapters/sql/database.hpp"
#include "ports/key_store.hpp"

namespace cruddur::sql {

// `db` must outlive the store.
std::unique_ptr<key_store> create_key_store(database& db);

}  // namespace cruddur::sql
