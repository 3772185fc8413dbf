// Chooses the adapters that the settings ask for.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "base/logger.hpp"
#include "config/settings.hpp"
#include "runtime/event_loops.hpp"

namespace cruddur {

// The database that the settings name. `on_commit` hears how many writes each commit of SQLite
// covered; it may be empty. Fault: in words for the operator.
result<std::unique_ptr<sql::database>> open_database(const config::settings& from,
                                                     runtime::event_loops& loops, logger& log,
                                                     std::function<void(std::size_t)> on_commit);

}  // namespace cruddur
