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

// What a driver tells, for metrics; each may be empty.
struct database_hooks {
  std::function<void(std::size_t units)> on_commit;  // writes that a commit of SQLite covered
  sql::refusal_hook on_refusal;
};

// The database that the settings name. Fault: in words for the operator.
result<std::unique_ptr<sql::database>> open_database(const config::settings& from,
                                                     runtime::event_loops& loops, logger& log,
                                                     database_hooks hooks);

}  // namespace cruddur
