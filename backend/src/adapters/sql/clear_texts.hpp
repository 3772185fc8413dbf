// Seals what an older version stored as clear text: between migrations 0011, which makes room for
// it, and 0012, which drops the clear columns. What is sealed already is passed over, so it goes on
// where it was stopped.
#pragma once

#include <cstddef>
#include <functional>

#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"

namespace cruddur::sql {

// The migration before which every clear text must be sealed.
inline constexpr int clear_texts_end = 12;

// `on_progress` hears how many texts are sealed so far. Nothing else may write meanwhile.
task<result<>> seal_clear_texts(database& db, content_vault& vault,
                                std::function<void(std::size_t done)> on_progress);

}  // namespace cruddur::sql
