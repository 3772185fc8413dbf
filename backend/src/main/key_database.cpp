#include "main/key_database.hpp"

#include <fmt/format.h>

#include "adapters/sql/migrations.hpp"

namespace cruddur {

sql::database& key_tables(process& process, sql::database& database) {
  return process.key_database ? *process.key_database : database;
}

result<sql::recorded_store> table_store(process& process) {
  if (!process.key_database) return sql::recorded_store{sql::in_database, 0};
  return process.wait_for(sql::read_key_database(*process.key_database));
}

result<> migrate_key_database(process& process) {
  const auto recorded = sql::read_key_store(*process.key_database);
  if (!recorded) return std::unexpected(recorded.error());
  if (*recorded) {
    return start_fault(
        "KEYS_URL leads to a database of posts: keys that are not kept beside their posts "
        "(KEYS_URL=database:) need a database of their own.");
  }
  const auto applied = sql::migrate_up(*process.key_database);
  return applied ? result<>{} : std::unexpected(applied.error());
}

result<> check_key_schema(process& process) {
  const auto pending = sql::migration_plan(*process.key_database);
  if (!pending) return std::unexpected(pending.error());
  if (pending->empty()) return {};
  return start_fault(
      fmt::format("The database of the keys lacks {}: run `cruddur migrate up` first.",
                  fmt::join(*pending, ", ")));
}

result<> check_key_database(process& process, const std::optional<sql::recorded_store>& recorded) {
  const auto self = table_store(process);
  if (!self) return std::unexpected(self.error());
  const bool is_unused = self->generation == 0;
  if (recorded ? self->id != recorded->id : !is_unused) {
    return start_fault(is_unused
                           ? "The database that KEYS_URL leads to has no keys: without those that "
                             "this database was used with nothing that people wrote can be read."
                           : "The keys in the database that KEYS_URL leads to belong to another "
                             "database than this one.");
  }
  if (recorded && self->generation < recorded->generation) {
    return start_fault(
        "The database that KEYS_URL leads to is an older copy of the one that this database was "
        "used with last: keys of newer posts are not in it, and keys of ended ones are. Put the "
        "newest one back.");
  }
  return {};
}

result<> check_apart(process& process, sql::database& database) {
  // Without a schema it can't be the one that has it all.
  const auto has_schema = sql::has_database_id(database);
  if (!has_schema) return std::unexpected(has_schema.error());
  if (!*has_schema) return {};
  const auto ours = process.wait_for(sql::read_database_id(database));
  if (!ours) return std::unexpected(ours.error());
  const auto theirs = process.wait_for(sql::read_database_id(*process.key_database));
  if (!theirs) return std::unexpected(theirs.error());
  if (*ours != *theirs) return {};
  return start_fault(
      "DATABASE_URL and KEYS_URL lead to the same database, or to copies of one: "
      "KEYS_URL=database: "
      "keeps the keys beside the posts.");
}

}  // namespace cruddur
