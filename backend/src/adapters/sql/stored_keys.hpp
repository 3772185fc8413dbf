// The table of content keys as a whole: to copy it, to fill it, and to clear it of keys that
// nothing refers to. PostgreSQL only.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sql/database.hpp"
#include "base/secret.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::sql {

// In the order of their slots, those greater than `last`, at most `limit`.
task<result<std::vector<reserved_key>>> read_stored_keys(database& db, key_slot last,
                                                         std::size_t limit);

// A key that is there already is left as it is.
task<result<>> store_keys(database& db, const std::vector<reserved_key>& keys);

task<result<std::int64_t>> count_stored_keys(database& db);

// Blocks of slots of which it is not known yet which are used.
task<result<std::int64_t>> count_key_blocks(database& db);

// Slots up to this one are not given out any more. Never goes back.
task<result<>> pass_slots(database& db, key_slot greatest);

// Slots of keys that no server may still have in stock, in order, those greater than `last`, at
// most `limit`. No row gets one of them any more: those that are in no row now never will be.
task<result<std::vector<key_slot>>> read_settled_slots(database& db, key_slot last,
                                                       std::size_t limit);

// Every key, a batch a transaction.
task<result<>> destroy_stored_keys(database& db);

}  // namespace cruddur::sql
