// How an activity is read from a row: what every query of the activity store selects, and how a row
// becomes one.
#pragma once

#include <string>
#include <vector>

#include "adapters/sql/database.hpp"
#include "domain/activity.hpp"

namespace cruddur::sql {

// "SELECT <columns of an activity> FROM activities a LEFT JOIN users u ": the caller goes on with
// more joins, WHERE and so on. $1 is the viewer, or null.
std::string select_activity(const std::string& from = "activities a");

activity to_activity(const row& from);
std::vector<activity> to_activities(const query_result& from);

}  // namespace cruddur::sql
