// What the rows of a database say of content keys: which slots they use, and whether their records
// open.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/sql/database.hpp"
#include "base/clock.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::sql {

// How many rows have a slot, in all tables.
task<result<std::int64_t>> count_slots(database& db);

// The greatest that any row or ended key has, or that was given out in this database; 0 for none.
task<result<key_slot>> greatest_slot(database& db);

struct waiting_keys {
  std::int64_t count = 0;
  time_point since;  // the first to have ended; only with a count
};
task<result<waiting_keys>> count_ended_keys(database& db);

struct lost_contents {
  std::string_view contents;  // as slot_table says
  std::int64_t kept = 0;
  std::vector<key_slot> lost;
};

// Tries to open the record of every row, table by table. An older copy of keys has others under the
// slots that were given out later, so that a key is there says nothing.
task<result<std::vector<lost_contents>>> find_lost(database& db, content_keys& keys);

// Ends the rows of these slots as lost, a thousand a transaction.
task<result<>> end_lost(database& db, std::vector<key_slot> slots, time_point now);

}  // namespace cruddur::sql
