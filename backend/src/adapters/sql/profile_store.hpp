#pragma once

#include <memory>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/profile_store.hpp"

namespace cruddur::sql {

// All must outlive the store.
std::unique_ptr<profile_store> create_profile_store(database& db, content_vault& vault,
                                                    blind_index& index);

}  // namespace cruddur::sql
