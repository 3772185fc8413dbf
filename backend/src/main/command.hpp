// What commands have in common: a process without the parts that serve, which logs only warnings.
#pragma once

#include <functional>
#include <memory>

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "config/settings.hpp"
#include "main/process.hpp"

namespace cruddur {

// Runs the work and ends the process's loops. Faults: in words for the operator.
result<> run_command(config::settings settings, const std::function<result<>(process&)>& work);

// The same, on the database that the settings name, which is closed afterwards.
using database_work = std::function<result<>(process&, sql::database&)>;
result<> run_on_database(config::settings settings, const database_work& work);

// The same, on a database that others may be using: it takes no lock, and work that writes on
// SQLite fails.
result<> run_beside_others(config::settings settings, const database_work& work);

}  // namespace cruddur
