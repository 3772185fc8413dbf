#pragma once

#include <memory>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/account_store.hpp"

namespace cruddur::sql {

// `db` must outlive the store.
std::unique_ptr<account_store> create_account_store(database& db, content_vault& vault,
                                                    blind_index& index);

}  // namespace cruddur::sql
