// The first part of the program: the database that the settings name, and the stores in it. A
// command has it without the parts that serve.
#pragma once

#include <memory>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/database.hpp"
#include "adapters/sql/index_renewal.hpp"
#include "base/fault.hpp"
#include "main/keys.hpp"
#include "main/process.hpp"
#include "ports/activity_store.hpp"
#include "ports/notifier.hpp"
#include "ports/profile_store.hpp"
#include "ports/reactions.hpp"
#include "ports/retention.hpp"
#include "ports/threads.hpp"
#include "ports/timelines.hpp"

namespace cruddur {

struct storage {
  std::unique_ptr<sql::database> database;
  cruddur::keys keys;
  std::unique_ptr<sql::blind_index> index;
  std::unique_ptr<sql::index_renewal> index_renewal;
  // Null where no other process can share the database.
  std::unique_ptr<cruddur::notifier> notifier;
  std::unique_ptr<activity_store> activities;
  std::unique_ptr<cruddur::timelines> timelines;
  std::unique_ptr<cruddur::threads> threads;
  std::unique_ptr<cruddur::reactions> reactions;
  std::unique_ptr<cruddur::retention> retention;
  std::shared_ptr<profile_store> profiles;
};

// The database alone, whatever its schema, and that of the keys where they have their own.
// `process` outlives it. Fault: in words for the operator.
result<std::unique_ptr<sql::database>> open_database(process& process);

result<std::unique_ptr<sql::database>> open_postgres(process& process, const std::string& url);

// Finishes what is written, stops the event loops and closes what open_database() opened.
void end_databases(process& process, sql::database& database);

// Applies the migrations that the database lacks, and on the way seals what an older version left
// as clear text. The names applied. Fault: in words for the operator.
result<std::vector<std::string>> migrate_up(sql::database& database, keys& keys, process& process);

// The database and its keys, with its schema up to date: migrated where that is safe (SQLite, and
// PostgreSQL in development), else checked. Fault: in words for the operator, also of what the
// schema or the role's rights lack.
result<storage> open_storage(process& process);

}  // namespace cruddur
