// A database of its own for the keys of contents (KEYS_URL=postgres://…), whose backups can be
// written over as those of the posts' database can't. It has the same schema, of which only the
// tables of keys are used. process::key_database is open as long as the posts' database is.
#pragma once

#include <optional>

#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

// Where the table of keys is: `database`, unless they have one of their own.
sql::database& key_tables(process& process, sql::database& database);

// What is recorded of the keys that stand in those tables.
result<sql::recorded_store> table_store(process& process);

// All of these: only with process.key_database. Faults: in words for the operator.

// Applies the migrations that it lacks. Refused where posts are in it.
result<> migrate_key_database(process& process);

// Fault when it lacks migrations.
result<> check_key_schema(process& process);

// Whether its keys are those that the posts' database was used with last: not another database's,
// nor an older copy.
result<> check_key_database(process& process, const std::optional<sql::recorded_store>& recorded);

// Fault when it and the posts' database are the same.
result<> check_apart(process& process, sql::database& database);

}  // namespace cruddur
