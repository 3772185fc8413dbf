#include "main/backup_command.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "adapters/postgres/archive.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/observer.hpp"
#include "main/backup_folder.hpp"
#include "main/command.hpp"
#include "main/key_database.hpp"
#include "main/key_transfer.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"
#include "main/storage.hpp"
#include "user_pool/secret_file.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

std::unexpected<fault> in_words(fault cause) {
  return start_fault(std::move(cause.detail));
}

// What the database says of itself.
result<manifest> describe(process& process, sql::database& database, std::string name) {
  manifest out;
  out.name = std::move(name);
  out.version = CRUDDUR_VERSION;
  out.engine = database.kind();
  const auto states = sql::migration_status(database);
  if (!states) return std::unexpected(states.error());
  out.migration = std::ranges::count(*states, true, &sql::migration_state::applied);
  if (std::ranges::any_of(*states, [](const auto& each) { return !each.applied; })) {
    return start_fault(
        "The database is one of an earlier version of Cruddur: back it up with that one, or run "
        "`cruddur migrate up` first.");
  }
  const auto id = process.wait_for(sql::read_database_id(database));
  if (!id) return std::unexpected(id.error());
  out.database = *id;
  const auto store = sql::read_key_store(database);
  if (!store) return std::unexpected(store.error());
  if (!*store) return start_fault("No server has used this database yet: nothing is in it.");
  if (auto good = check_place(process.settings, *store); !good) {
    return std::unexpected(std::move(good.error()));
  }
  if (process.key_database) {
    if (auto good = check_key_database(process, *store); !good) {
      return std::unexpected(std::move(good.error()));
    }
  }
  out.store = (*store)->id;
  out.generation = (*store)->generation;
  return out;
}

result<> check_owner(const backup_folder& folder, const manifest& ours) {
  const auto all = folder.backups();
  if (!all) return std::unexpected(all.error());
  if (all->empty() || all->back().database == ours.database) return {};
  return start_fault(fmt::format(
      "{} holds backups of another database, or of this one before it was restored: its keys would "
      "be written over. Use another folder.",
      folder.path().string()));
}

result<manifest> archive_sqlite(process& process, const backup_folder& folder,
                                const std::string& name) {
  const fs::path archive = folder.new_archive(name);
  if (std::error_code error; !fs::exists(process.settings.sqlite_file(), error)) {
    return start_fault(
        fmt::format("There is no database {}.", process.settings.sqlite_file().string()));
  }
  auto written = sqlite::write_archive(process.settings.sqlite_file(), archive);
  if (written) written = sqlite::check_archive(archive);
  if (!written) return in_words(std::move(written.error()));
  const auto opened = sqlite::observe_database(archive);
  if (!opened) return in_words(opened.error());
  auto found = describe(process, **opened, name);
  (*opened)->close();
  return found;
}

result<> archive_postgres(process& process, const backup_folder& folder, const std::string& name) {
  const fs::path archive = folder.new_archive(name);
  auto written = postgres::write_archive(process.settings.database_url, archive);
  if (written) written = postgres::check_archive(archive);
  if (!written) return in_words(std::move(written.error()));
  return {};
}

// Nothing where it is in the settings, or belongs to another pool.
result<std::optional<secret>> pool_secret(const config::settings& settings) {
  std::error_code error;
  if (!settings.uses_local_pool() || !settings.user_pool_secret.empty() ||
      !fs::exists(settings.pool_secret_file(), error)) {
    return std::nullopt;
  }
  const auto raw = user_pool::load_or_create_secret(settings.pool_secret_file());
  if (!raw) return std::unexpected(raw.error());
  std::optional<secret> out{std::in_place};
  std::ranges::copy(*raw, out->bytes().begin());
  return out;
}

result<std::int64_t> copy_file(const fs::path& path, const manifest& archive,
                               key_file::key_writer& target, key_file::identity& self) {
  const auto source = key_file::key_reader::open(path);
  if (!source) return in_words(source.error());
  const auto count = copy_keys(*source, target);
  if (!count) return in_words(count.error());
  const auto found = source->self();
  if (!found) return in_words(found.error());
  if (found->id != archive.store || found->generation < archive.generation) {
    return start_fault(fmt::format(
        "The key file {} is not the one that this database is used with.", path.string()));
  }
  self = *found;
  return count;
}

result<std::int64_t> copy_table(process& process, sql::database& database, const manifest& archive,
                                key_file::key_writer& target, key_file::identity& self) {
  const auto count = copy_keys(process, key_tables(process, database), target);
  if (!count) return in_words(count.error());
  const auto greatest = greatest_known_slot(process, database);
  if (!greatest) return in_words(greatest.error());
  self = {archive.database, generation_of(*greatest)};
  // What is moved elsewhere is destroyed here once that is recorded.
  const auto store = sql::read_key_store(database);
  if (!store) return in_words(store.error());
  if (!*store || (*store)->id != archive.store) {
    return start_fault("The keys were moved meanwhile: start the backup again.");
  }
  return count;
}

// The keys as they are now, read again when they are written, in the place of the former ones.
result<std::int64_t> write_keys(process& process, sql::database* database,
                                const backup_folder& folder, const manifest& archive) {
  auto writer = key_file::key_writer::create(folder.new_keys());
  if (!writer) return in_words(writer.error());
  key_file::identity self;
  const auto count = sql::kind_of(archive.store) == sql::store_kind::file
                         ? copy_file(process.settings.key_file(), archive, *writer, self)
                         : copy_table(process, *database, archive, *writer, self);
  if (!count) return count;
  auto secret = pool_secret(process.settings);
  if (!secret) return in_words(std::move(secret.error()));
  const std::string digest = writer->digest();
  std::string note = to_text(key_note{archive.database, digest, *secret});
  auto finished = writer->finish(self, note);
  OPENSSL_cleanse(note.data(), note.size());
  if (!finished) return in_words(std::move(finished.error()));
  const auto written = key_file::key_reader::open(folder.new_keys());
  if (!written) return in_words(written.error());
  const auto read = written->digest();
  if (!read) return in_words(read.error());
  if (*read != digest) {
    return start_fault(
        fmt::format("{} does not hold what was written to it.", folder.new_keys().string()));
  }
  auto placed = key_file::put_in_place(folder.new_keys(), folder.keys());
  if (!placed) return in_words(std::move(placed.error()));
  return count;
}

// The archive comes first: then every slot in it has its key among the keys, or has ended.
result<> back_up_into(process& process, const backup_folder& folder, sql::database* database,
                      const std::string& name) {
  auto archive =
      database ? describe(process, *database, name) : archive_sqlite(process, folder, name);
  if (!archive) return std::unexpected(std::move(archive.error()));
  if (auto ours = check_owner(folder, *archive); !ours) return ours;
  if (database) {
    if (auto done = archive_postgres(process, folder, name); !done) return done;
  }
  const auto digest = digest_of(folder.new_archive(name));
  if (!digest) return std::unexpected(digest.error());
  archive->size = digest->size;
  archive->sha256 = digest->sha256;
  const auto keys = write_keys(process, database, folder, *archive);
  if (!keys) return std::unexpected(keys.error());
  if (auto added = folder.add(*archive); !added) return added;
  fmt::print("{}: {} bytes, and the newest keys ({}) in {}\n", folder.archive(name).string(),
             archive->size, *keys, folder.keys().string());
  return {};
}

result<> back_up_now(process& process, const backup_folder& folder, sql::database* database) {
  auto done = back_up_into(process, folder, database, archive_name(system_clock{}.now()));
  if (!done) (void)folder.clear_unfinished();
  return done;
}

}  // namespace

result<> back_up(config::settings settings, const fs::path& path) {
  const bool uses_sqlite = settings.uses_sqlite();
  const bool has_own_secret = settings.uses_local_pool() && !settings.user_pool_secret.empty();
  auto folder = backup_folder::open_to_write(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  if (auto cleared = folder->clear_unfinished(); !cleared) return cleared;
  auto done =
      uses_sqlite
          ? run_command(std::move(settings),
                        [&](process& process) { return back_up_now(process, *folder, nullptr); })
          : run_on_database(std::move(settings), [&](process& process, sql::database& database) {
              return back_up_now(process, *folder, &database);
            });
  if (done && has_own_secret) {
    fmt::print(
        "USER_POOL_SECRET is a setting and not in the backup: without it nobody can sign in.\n");
  }
  return done;
}

}  // namespace cruddur
