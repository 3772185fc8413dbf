// Deletion before its time: an author's removal of an activity, and the end of an account.
#pragma once

#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"
#include "ports/retention.hpp"

namespace cruddur::sql {

// `removed` as its author just read it.
task<result<removal_outcome>> remove_activity(database& db, activity removed, time_point now);
task<result<>> remove_author(database& db, uuid author, time_point now);

// Marks a person as removed, for good: nothing of them is shown any more, their profile is not made
// anew, and clear_removed() deletes it all. Part of a transaction.
std::vector<command> end_identity(uuid identity);

// See retention::clear_removed().
task<result<clear_outcome>> clear_removed(database& db, time_point now, std::size_t limit);

}  // namespace cruddur::sql
