// The parts of the activity store that delete: an author's removal, the end of an account, and the
// sweep of what has expired.
#pragma once

#include "adapters/sql/database.hpp"
#include "ports/activity_store.hpp"

namespace cruddur::sql {

// `what` as its author just read it.
task<result<removal_outcome>> remove_activity(database& db, activity what, time_point now);
task<result<>> remove_author(database& db, uuid author, time_point now);

// Marks a person as removed, for good: nothing of them is shown any more, their profile is not made
// anew, and clear_removed() deletes it all. Part of a transaction.
std::vector<command> end_identity(uuid identity);

task<result<activity_store::clear_outcome>> clear_removed(database& db, time_point now,
                                                          std::size_t limit);
task<result<activity_store::sweep_outcome>> sweep_activities(database& db, time_point now,
                                                             std::size_t limit);

}  // namespace cruddur::sql
