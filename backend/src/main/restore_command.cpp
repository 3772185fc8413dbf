#include "main/restore_command.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "adapters/postgres/archive.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "base/encoding.hpp"
#include "main/backup_folder.hpp"
#include "main/command.hpp"
#include "main/key_database.hpp"
#include "main/key_holder.hpp"
#include "main/key_transfer.hpp"
#include "main/key_upkeep.hpp"
#include "main/storage.hpp"
#include "user_pool/secret_file.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

std::unexpected<fault> in_words(fault cause) {
  return start_fault(std::move(cause.detail));
}

struct source {
  fs::path archive;
  manifest facts;
  key_note note;
  key_file::key_reader keys;
};

result<manifest> choose(const backup_folder& folder, std::string name) {
  const auto all = folder.backups();
  if (!all) return std::unexpected(all.error());
  if (all->empty()) {
    return start_fault(fmt::format("There is no whole backup in {}.", folder.path().string()));
  }
  if (name.empty()) return all->back();
  name = fs::path{name}.filename().string();
  if (name.ends_with(".archive")) name.resize(name.size() - std::string_view{".archive"}.size());
  const auto found = std::ranges::find(*all, name, &manifest::name);
  if (found != all->end()) return *found;
  std::vector<std::string> names;
  for (const manifest& each : *all) names.push_back(each.name);
  return start_fault(fmt::format("There is no whole backup {} in {}; there are {}.", name,
                                 folder.path().string(), fmt::join(names, ", ")));
}

result<> check_archive(const backup_folder& folder, const manifest& facts, sql::engine engine) {
  const fs::path path = folder.archive(facts.name);
  if (facts.engine != engine) {
    return start_fault(fmt::format("{} is an archive of {}, and DATABASE_URL is {}.", path.string(),
                                   facts.engine == sql::engine::sqlite ? "SQLite" : "PostgreSQL",
                                   engine == sql::engine::sqlite ? "SQLite" : "PostgreSQL"));
  }
  if (facts.migration > std::ssize(sql::migrations_for(engine))) {
    return start_fault(fmt::format(
        "{} was made by Cruddur {}, a newer version than this: restore it with that one.",
        path.string(), facts.version));
  }
  const auto digest = digest_of(path);
  if (!digest) return std::unexpected(digest.error());
  if (digest->size != facts.size || digest->sha256 != facts.sha256) {
    return start_fault(fmt::format("{} is damaged: it is not what was written.", path.string()));
  }
  return {};
}

result<source> open_source(const backup_folder& folder, std::string name, sql::engine engine) {
  auto facts = choose(folder, std::move(name));
  if (!facts) return std::unexpected(std::move(facts.error()));
  if (auto good = check_archive(folder, *facts, engine); !good) {
    return std::unexpected(std::move(good.error()));
  }
  auto keys = key_file::key_reader::open(folder.keys());
  if (!keys) return in_words(std::move(keys.error()));
  const auto text = keys->note();
  if (!text) return in_words(text.error());
  const auto note = read_key_note(*text);
  const auto self = keys->self();
  const auto digest = keys->digest();
  if (!self) return in_words(self.error());
  if (!digest) return in_words(digest.error());
  const std::string path = folder.keys().string();
  if (!note) return start_fault(path + " holds keys that no backup has written.");
  if (note->database != facts->database) {
    return start_fault(path + " holds the keys of another database than the archive's.");
  }
  if (note->digest != *digest)
    return start_fault(path + " is damaged: it is not what was written.");
  if (self->generation < facts->generation) {
    return start_fault(path + " is older than the archive: keys of newer posts are not in it.");
  }
  fs::path archive = folder.archive(facts->name);
  return source{std::move(archive), std::move(*facts), *note, std::move(*keys)};
}

std::unexpected<fault> not_empty(const fs::path& path) {
  return start_fault(fmt::format(
      "There is {} already: a backup is restored into an empty folder and database only.",
      path.string()));
}

// Whether the pool's secret is to be written. Fault when another one is there.
result<bool> wants_secret(const config::settings& settings, const key_note& note) {
  if (!note.pool_secret || !settings.user_pool_secret.empty()) return false;
  const fs::path path = settings.pool_secret_file();
  std::error_code error;
  if (!fs::exists(path, error)) return true;
  const auto present = user_pool::load_or_create_secret(path);
  if (!present) return std::unexpected(present.error());
  if (*present == note.pool_secret->view()) return false;
  return not_empty(path);
}

result<> check_empty(const std::string& url, std::string_view what) {
  const auto tables = postgres::count_tables(url);
  if (!tables) return in_words(tables.error());
  if (*tables == 0) return {};
  return start_fault(fmt::format(
      "There are tables in {} already: a backup is restored into an empty one only.", what));
}

result<> check_target(const config::settings& settings) {
  std::vector<fs::path> unwanted{settings.key_file()};
  if (settings.uses_sqlite()) {
    unwanted.push_back(settings.sqlite_file());
    unwanted.push_back(settings.sqlite_file().string() + "-wal");
  }
  std::error_code error;
  for (const fs::path& each : unwanted) {
    if (fs::exists(each, error)) return not_empty(each);
  }
  if (settings.uses_sqlite()) return {};
  if (auto empty = check_empty(settings.database_url, "the database"); !empty) return empty;
  return settings.has_key_database() ? check_empty(settings.keys_url, "the database of the keys")
                                     : result<>{};
}

// A new file of this content. It is on the disk when this returns.
result<> write_file(const fs::path& path, std::string_view content) {
  if (auto made = key_file::make_folder(key_file::folder_of(path)); !made) return made;
  const key_file::descriptor file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number < 0) return key_file::cannot("write", path, errno);
  int failed = key_file::write_all(file.number, content, 0);
  if (failed == 0 && ::fsync(file.number) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(path.c_str());
    return key_file::cannot("write", path, failed);
  }
  return key_file::sync_folder(key_file::folder_of(path));
}

// Under its own name when it is whole.
result<> copy_archive(const fs::path& archive, const fs::path& target) {
  const fs::path part = target.string() + ".part";
  std::error_code error;
  if (auto made = key_file::make_folder(key_file::folder_of(target)); !made) return made;
  fs::copy_file(archive, part, fs::copy_options::overwrite_existing, error);
  if (!error) fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, error);
  if (!error) {
    const key_file::descriptor file{::open(part.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number < 0 || ::fsync(file.number) != 0) {
      error = {errno, std::generic_category()};
    }
  }
  if (!error) fs::rename(part, target, error);
  if (error) {
    std::error_code ignored;
    fs::remove(part, ignored);
    return key_file::cannot("write", target, error.value());
  }
  return key_file::sync_folder(key_file::folder_of(target));
}

// The keys in a file of their own: what goes on with them is another store than that of the first
// server, which may still run.
result<sql::recorded_store> restore_key_file(const source& backup, const fs::path& path) {
  const fs::path part = path.string() + ".part";
  auto writer = key_file::key_writer::create(part);
  if (!writer) return std::unexpected(std::move(writer.error()));
  const auto copied = copy_keys(backup.keys, *writer);
  if (!copied) return std::unexpected(copied.error());
  const auto self = backup.keys.self();
  if (!self) return std::unexpected(self.error());
  const key_file::identity own{make_uuid_v4(), self->generation};
  if (auto done = writer->finish(own); !done) return std::unexpected(std::move(done.error()));
  if (auto done = key_file::put_in_place(part, path); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return sql::recorded_store{own.id, own.generation};
}

result<sql::recorded_store> restore_key_table(process& process, sql::database& database,
                                              const source& backup) {
  if (process.key_database) {
    if (auto ready = migrate_key_database(process); !ready) {
      return std::unexpected(std::move(ready.error()));
    }
  }
  sql::database& tables = key_tables(process, database);
  const auto copied = copy_keys(process, backup.keys, tables);
  if (!copied) return std::unexpected(copied.error());
  const auto self = backup.keys.self();
  if (!self) return std::unexpected(self.error());
  const auto greatest = (self->generation + 1) * key_file::keys_in_extent;
  auto passed = process.wait_for(sql::pass_slots(tables, static_cast<key_slot>(greatest)));
  if (!passed) return std::unexpected(std::move(passed.error()));
  return table_store(process);
}

// Of another store and with another name than the database that the archive is of.
result<> record(process& process, sql::database& database, sql::recorded_store store) {
  auto recorded = process.wait_for(sql::record_key_store(database, store));
  if (recorded) recorded = process.wait_for(sql::forget_former_store(database));
  if (!recorded) return recorded;
  return process.wait_for(sql::renew_database_id(database));
}

// Brings the schema up to date, and destroys the keys of what was written after the archive.
result<> settle(process& process, sql::database& database, const source& backup) {
  auto keys = find_keys(process, database);
  if (!keys) return std::unexpected(std::move(keys.error()));
  if (auto migrated = migrate_up(database, *keys, process); !migrated) {
    return std::unexpected(std::move(migrated.error()));
  }
  const auto holding = key_holding::begin(process, database);
  if (!holding) return std::unexpected(holding.error());
  const auto collected = collect_keys(process, database, keys->file.get(), collection::destroy);
  if (!collected) return std::unexpected(collected.error());
  if (auto opened = open_keys(*keys, process, database, patience::none); !opened) return opened;
  const auto lost = process.wait_for(sql::find_lost(database, *keys->store));
  close_keys(*keys);
  if (!lost) return std::unexpected(lost.error());
  fmt::print("restored {}\n", backup.archive.string());
  for (const sql::lost_contents& each : *lost) {
    fmt::print("{}: {} can be read, {} have ended since and can't\n", each.contents, each.kept,
               each.lost.size());
  }
  fmt::print("keys of what was written after the archive, destroyed: {}\n", collected->orphans);
  return {};
}

result<> fill(process& process, const source& backup) {
  const config::settings& settings = process.settings;
  const auto with_secret = wants_secret(settings, backup.note);
  if (!with_secret) return std::unexpected(with_secret.error());
  if (*with_secret) {
    auto written =
        write_file(settings.pool_secret_file(), to_hex(backup.note.pool_secret->view()) + "\n");
    if (!written) return written;
  }
  sql::recorded_store store{};
  if (settings.keeps_keys_in_file()) {
    const auto restored = restore_key_file(backup, settings.key_file());
    if (!restored) return std::unexpected(restored.error());
    store = *restored;
  }
  auto filled = settings.uses_sqlite()
                    ? copy_archive(backup.archive, settings.sqlite_file())
                    : postgres::restore_archive(settings.database_url, backup.archive);
  if (!filled) return filled;
  const auto database = open_database(process);
  if (!database) return std::unexpected(database.error());
  if (!settings.keeps_keys_in_file()) {
    const auto restored = restore_key_table(process, **database, backup);
    if (!restored) return std::unexpected(restored.error());
    store = *restored;
  }
  auto done = record(process, **database, store);
  if (done && !settings.uses_sqlite()) done = postgres::finish_restore(settings.database_url);
  if (done) done = settle(process, **database, backup);
  end_databases(process, **database);
  return done;
}

}  // namespace

result<> restore(config::settings settings, const fs::path& path, std::string name) {
  auto folder = backup_folder::open_to_read(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  if (auto empty = check_target(settings); !empty) return empty;
  const auto backup =
      open_source(*folder, std::move(name),
                  settings.uses_sqlite() ? sql::engine::sqlite : sql::engine::postgres);
  if (!backup) return std::unexpected(backup.error());
  return run_command(std::move(settings), [&](process& process) -> result<> {
    auto done = fill(process, *backup);
    if (!done) return in_words(std::move(done.error()));
    return {};
  });
}

}  // namespace cruddur
