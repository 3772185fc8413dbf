#include "main/storage.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "adapters/postgres/kept_log.hpp"
#include "adapters/postgres/postgres_database.hpp"
#include "adapters/postgres/preconditions.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/clear_texts.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/reactions.hpp"
#include "adapters/sql/retention.hpp"
#include "adapters/sql/threads.hpp"
#include "adapters/sql/timelines.hpp"
#include "adapters/sqlite/sqlite_database.hpp"
#include "main/clear_text_removal.hpp"
#include "main/key_database.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

// Closes files that an earlier version left open to other users of the machine; the folder too when
// it is the server's own.
void close_to_others(const fs::path& folder, const fs::path& file, const process& process) {
  constexpr auto others = fs::perms::group_all | fs::perms::others_all;
  std::vector<fs::path> paths{file, file.string() + "-wal", file.string() + "-shm"};
  std::error_code error;
  if (fs::equivalent(folder, process.settings.data_dir, error)) paths.push_back(folder);
  for (const auto& path : paths) {
    error.clear();
    const auto status = fs::status(path, error);
    if (error || (status.permissions() & others) == fs::perms::none) continue;
    fs::permissions(path, others, fs::perm_options::remove, error);
    if (error) {
      process.log.write(log_level::error, "others can read this and it can't be closed",
                        {{"path", path.string()}, {"reason", error.message()}});
    } else {
      process.log.write(log_level::info, "closed to other users", {{"path", path.string()}});
    }
  }
}

sql::refusal_hook refusal_counter(process& process) {
  return [&process](sql::driver_fault kind, std::string_view detail) {
    process.refused_work.add(static_cast<std::size_t>(kind), detail);
  };
}

result<std::unique_ptr<sql::database>> open_sqlite(process& process) {
  const fs::path path = process.settings.sqlite_file();
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) {
    return start_fault(fmt::format("The folder {} can't be made: {}.", path.parent_path().string(),
                                   error.message()));
  }
  close_to_others(path.has_parent_path() ? path.parent_path() : ".", path, process);
  return sqlite::open_database({.path = path,
                                .on_error = process.error_log(),
                                .on_refusal = refusal_counter(process),
                                .on_commit = [&process](std::size_t units) {
                                  ++process.counts.commits;
                                  process.counts.writes += units;
                                }});
}

result<> migrate(sql::database& database, keys& keys, process& process) {
  const auto pending = sql::migration_plan(database);
  if (!pending) return std::unexpected(pending.error());
  for (const std::string& name : *pending) {
    process.log.write(log_level::info, "migration begins", {{"migration", name}});
  }
  const auto applied = migrate_up(database, keys, process);
  if (!applied) return std::unexpected(applied.error());
  for (const std::string& name : *applied) {
    process.log.write(log_level::info, "migrated", {{"migration", name}});
  }
  return {};
}

result<> check_schema(sql::database& database, std::span<const sql::migration> known) {
  const auto pending = sql::migration_plan(database, known);
  if (!pending) return std::unexpected(pending.error());
  if (pending->empty()) return {};
  return start_fault(fmt::format("The database lacks {}: run `cruddur migrate up` first.",
                                 fmt::join(*pending, ", ")));
}

void tell_what_is_kept(process& process) {
  const config::settings& settings = process.settings;
  const auto kept = postgres::read_kept_log(settings.has_key_database() ? settings.keys_url
                                                                        : settings.database_url);
  if (!kept) return;
  process.log.write(
      log_level::info,
      "destroyed keys leave the database's tables within an hour, but PostgreSQL's write-ahead log "
      "keeps them until it is overwritten, and its archive and base backups for as long as those "
      "are kept",
      {{"archive_mode", kept->archive_mode},
       {"max_wal_size", kept->max_wal_size},
       {"wal_keep_size", kept->wal_keep_size},
       {"replication_slots", kept->replication_slots}});
}

}  // namespace

result<std::unique_ptr<sql::database>> open_postgres(process& process, const std::string& url) {
  if (auto fit = postgres::check_server(url); !fit) {
    return std::unexpected(std::move(fit.error()));
  }
  return postgres::open_database({.url = url,
                                  .connections = process.settings.database_connections,
                                  .on_error = process.error_log(),
                                  .on_refusal = refusal_counter(process)},
                                 process.loops.executors());
}

result<std::unique_ptr<sql::database>> open_database(process& process) {
  const config::settings& settings = process.settings;
  if (settings.has_key_database()) {
    auto keys = open_postgres(process, settings.keys_url);
    if (!keys) return keys;
    process.key_database = std::move(*keys);
  }
  return settings.uses_sqlite() ? open_sqlite(process)
                                : open_postgres(process, settings.database_url);
}

void end_databases(process& process, sql::database& database) {
  database.end_writes();
  if (process.key_database) process.key_database->end_writes();
  process.loops.stop();
  database.close();
  if (process.key_database) process.key_database->close();
}

result<std::vector<std::string>> migrate_up(sql::database& database, keys& keys, process& process) {
  const auto applied = sql::migrate_up(database, [&](const sql::migration& next) -> result<> {
    if (next.number == sql::clear_texts_end || next.number == sql::clear_names_end) {
      if (auto room = check_room(process); !room) return room;
      if (!keys.vault) {
        if (auto opened = open_keys(keys, process, database); !opened) return opened;
      }
    }
    if (!keys.vault) return {};
    return process.wait_for(seal_clear_text(next.number, database, *keys.vault, process));
  });
  if (!applied) return applied;
  if (auto done = rewrite_pages(database, process); !done) return std::unexpected(done.error());
  return applied;
}

result<storage> open_storage(process& process) {
  const config::settings& settings = process.settings;
  storage out;
  auto database = open_database(process);
  if (!database) return std::unexpected(std::move(database.error()));
  out.database = std::move(*database);

  if (settings.has_key_database() && settings.production) {
    if (auto ready = check_key_schema(process); !ready) {
      return std::unexpected(std::move(ready.error()));
    }
  }
  auto found = find_keys(process, *out.database);
  if (!found) return std::unexpected(std::move(found.error()));
  out.keys = std::move(*found);
  const auto known = sql::migrations_for(out.database->kind());
  auto ready = settings.uses_sqlite() || !settings.production
                   ? migrate(*out.database, out.keys, process)
                   : check_schema(*out.database, known);
  if (!ready) return std::unexpected(std::move(ready.error()));
  if (!settings.uses_sqlite()) {
    auto fit = postgres::check_rights(settings.database_url, sql::tables_of(known));
    if (fit && settings.has_key_database()) {
      fit = postgres::check_rights(settings.keys_url, sql::tables_of(known));
    }
    if (!fit) return std::unexpected(std::move(fit.error()));
    out.notifier = postgres::open_notifier(settings.database_url, process.loops.executors().front(),
                                           process.error_log());
  }
  // Also where a migration had them open: before it there was no lease to take.
  close_keys(out.keys);
  if (auto opened = open_keys(out.keys, process, *out.database); !opened) {
    return std::unexpected(std::move(opened.error()));
  }
  if (!settings.uses_sqlite()) {
    if (auto free = postgres::check_no_upkeep(settings.database_url); !free) {
      return std::unexpected(std::move(free.error()));
    }
  }
  if (auto cleared = clear_former_store(process, *out.database); !cleared) {
    if (cleared.error().codes.front() != "former_keys_left") {
      return std::unexpected(std::move(cleared.error()));
    }
    process.log.write(log_level::warning, cleared.error().detail);
  }
  if (out.keys.table != nullptr) tell_what_is_kept(process);
  sql::content_vault& vault = *out.keys.vault;
  out.index = std::make_unique<sql::blind_index>(*out.database, vault);
  if (auto opened = process.wait_for(out.index->open(process.clock->now())); !opened) {
    return std::unexpected(std::move(opened.error()));
  }
  out.index_renewal = std::make_unique<sql::index_renewal>(*out.database, vault, *out.index);
  out.activities = sql::create_activity_store(*out.database, vault);
  out.timelines = sql::create_timelines(*out.database, vault);
  out.threads = sql::create_threads(*out.database, vault);
  out.reactions = sql::create_reactions(*out.database);
  out.retention = sql::create_retention(*out.database);
  out.profiles = sql::create_profile_store(*out.database, vault, *out.index);
  return out;
}

}  // namespace cruddur
