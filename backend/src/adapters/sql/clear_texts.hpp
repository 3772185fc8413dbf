// Seals what an older version stored as clear text: posts between the migrations 0011, which makes
// room for it, and 0012, which drops the clear columns; what is known of people between 0013 and
// 0014. What is sealed already is passed over, so it goes on where it was stopped.
#pragma once

#include <cstddef>
#include <functional>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"

namespace cruddur::sql {

// The migrations before which every clear text, and every clear name, must be sealed.
inline constexpr int clear_texts_end = 12;
inline constexpr int clear_names_end = 14;

// Hears how many are sealed so far.
using sealing_progress = std::function<void(std::size_t done)>;

// Nothing else may write meanwhile.
task<result<>> seal_clear_texts(database& db, content_vault& vault, sealing_progress on_progress);
task<result<>> seal_clear_names(database& db, content_vault& vault, const blind_index& index,
                                sealing_progress on_progress);

}  // namespace cruddur::sql
