#include "main/keys.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "adapters/key_file/file_content_keys.hpp"
#include "adapters/key_file/key_reader.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/leased_keys.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "main/key_database.hpp"
#include "main/key_holder.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

// What was moved in development has no part in how long keys are kept ready.
const system_clock machine_clock;

constexpr std::size_t disk_threads = 1;
constexpr std::size_t most_waiting = 4096;

std::unexpected<fault> foreign(const fs::path& path) {
  return start_fault(
      fmt::format("The key file {} belongs to another database than this one.", path.string()));
}

std::unexpected<fault> moved_to_database() {
  return start_fault("The keys of this database are kept in it: KEYS_URL must be database:.");
}

std::unexpected<fault> moved_to_key_database() {
  return start_fault(
      "The keys of this database are kept in a database of their own: KEYS_URL must be its "
      "address, "
      "postgres://…");
}

std::unexpected<fault> moved_to_file(const fs::path& path) {
  return start_fault(fmt::format(
      "The keys of this database are kept in a file: KEYS_URL must be file:, with {} there.",
      path.string()));
}

std::unexpected<fault> older(const fs::path& path) {
  return start_fault(fmt::format(
      "The key file {} is an older copy of the one that this database was used with last: keys of "
      "newer posts are not in it, and keys of ended ones are. Put the newest one back.",
      path.string()));
}

}  // namespace

std::unexpected<fault> missing_key_file(const fs::path& path) {
  return start_fault(
      fmt::format("The key file {} is missing; without it nothing that people wrote can be read. "
                  "Is its volume mounted?",
                  path.string()));
}

result<> check_place(const config::settings& settings,
                     const std::optional<sql::recorded_store>& recorded) {
  if (!recorded) return {};
  const auto wanted = settings.keeps_keys_in_file() ? sql::store_kind::file
                      : settings.has_key_database() ? sql::store_kind::key_database
                                                    : sql::store_kind::table;
  const auto kind = sql::kind_of(recorded->id);
  if (kind == wanted) return {};
  switch (kind) {
    case sql::store_kind::table:
      return moved_to_database();
    case sql::store_kind::key_database:
      return moved_to_key_database();
    case sql::store_kind::file:
      break;
  }
  return moved_to_file(settings.key_file());
}

result<> check_key_file(const key_file::identity& self,
                        const std::optional<sql::recorded_store>& recorded, const fs::path& path) {
  if (!recorded) return self.generation == 0 ? result<>{} : result<>{foreign(path)};
  if (recorded->id != self.id) return foreign(path);
  if (self.generation < recorded->generation) return older(path);
  return {};
}

fs::path new_key_file(const config::settings& settings) {
  return settings.key_file().string() + ".part";
}

result<> finish_new_file(const config::settings& settings, const sql::recorded_store& recorded) {
  const fs::path fresh = new_key_file(settings);
  std::error_code error;
  if (sql::kind_of(recorded.id) != sql::store_kind::file || !fs::exists(fresh, error)) return {};
  const auto reader = key_file::key_reader::open(fresh);
  const auto self = reader ? reader->self() : std::unexpected(reader.error());
  if (!self || self->id != recorded.id) return {};
  return key_file::put_in_place(fresh, settings.key_file());
}

result<> settle_file(process& process, key_file::key_file& file, ended_keys& contents) {
  for (const key_file::open_range& each : file.open_ranges()) {
    std::vector<key_slot> slots(each.count);
    for (std::size_t i = 0; i < each.count; ++i) {
      slots[i] = each.first + static_cast<key_slot>(i);
    }
    const auto used = process.wait_for(contents.in_use(std::move(slots)));
    if (!used) return std::unexpected(used.error());
    if (auto done = file.settle(each.first, *used); !done) return done;
  }
  return {};
}

result<keys> find_keys(process& process, sql::database& database) {
  keys out;
  const fs::path path = process.settings.key_file();
  const auto is_half = sql::is_half_restored(database);
  if (!is_half) return std::unexpected(is_half.error());
  if (*is_half) {
    return start_fault(
        "A restore into this database was stopped half-way: empty the database and restore again.");
  }
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (auto good = check_place(process.settings, *recorded); !good) {
    return std::unexpected(std::move(good.error()));
  }
  if (!process.settings.keeps_keys_in_file()) {
    // What a move that was stopped has left.
    auto cleared = key_file::shred(new_key_file(process.settings));
    if (!cleared) return start_fault(std::move(cleared.error().detail));
    if (!process.settings.has_key_database()) return out;
    auto good = migrate_key_database(process);
    if (good) good = check_key_database(process, *recorded);
    if (!good) return std::unexpected(std::move(good.error()));
    return out;
  }
  if (*recorded) {
    if (auto placed = finish_new_file(process.settings, **recorded); !placed) {
      return start_fault(std::move(placed.error().detail));
    }
  }
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (*recorded) return missing_key_file(path);
    return out;
  }
  auto file = key_file::key_file::open(path);
  if (!file) return start_fault(std::move(file.error().detail));
  if (auto good = check_key_file((*file)->self(), *recorded, path); !good) {
    return std::unexpected(std::move(good.error()));
  }
  out.file = std::move(*file);
  // A copy that was never used.
  if (auto cleared = key_file::shred(new_key_file(process.settings)); !cleared) {
    return start_fault(std::move(cleared.error().detail));
  }
  return out;
}

namespace {

result<> make_file(keys& keys, process& process) {
  const fs::path path = process.settings.key_file();
  auto made = key_file::key_file::create(path);
  if (!made) return start_fault(std::move(made.error().detail));
  auto file = key_file::key_file::open(path);
  if (!file) return start_fault(std::move(file.error().detail));
  keys.file = std::move(*file);
  return {};
}

result<> open_file(keys& keys, process& process, sql::database& database, patience patience) {
  if (!keys.file) {
    if (auto made = make_file(keys, process); !made) return made;
  }
  const auto has_leases = sql::has_key_leases(database);
  if (!has_leases) return std::unexpected(has_leases.error());
  if (*has_leases) {
    auto lease = hold_keys(process, database, patience);
    if (!lease) return std::unexpected(std::move(lease.error()));
    keys.lease = std::move(*lease);
  }
  const key_file::identity self = keys.file->self();
  auto recorded = process.wait_for(sql::record_key_store(database, {self.id, self.generation}));
  if (!recorded) return recorded;
  if (auto settled = settle_file(process, *keys.file, *keys.ended); !settled) return settled;
  keys.pool = std::make_unique<runtime::blocking_pool>(disk_threads, most_waiting);
  keys.store = key_file::create_content_keys(*keys.file, *keys.pool);
  if (keys.lease) keys.store = sql::lease_keys(std::move(keys.store), *keys.lease);
  return {};
}

result<> open_table(keys& keys, process& process, sql::database& database) {
  if (process.key_database) {
    if (auto apart = check_apart(process, database); !apart) return apart;
  }
  const auto store = table_store(process);
  if (!store) return std::unexpected(store.error());
  auto recorded = process.wait_for(sql::record_key_store(database, *store));
  if (!recorded) return recorded;
  auto table = std::make_unique<sql::key_table>(key_tables(process, database), machine_clock);
  keys.table = table.get();
  keys.store = std::move(table);
  return {};
}

}  // namespace

result<> open_keys(keys& keys, process& process, sql::database& database, patience patience) {
  keys.ended = sql::create_ended_keys(database);
  auto opened = process.settings.keeps_keys_in_file() ? open_file(keys, process, database, patience)
                                                      : open_table(keys, process, database);
  if (!opened) return opened;
  keys.vault = std::make_unique<sql::content_vault>(
      *keys.store, [&process](std::string_view detail) { process.refused_keys.add(0, detail); });
  return {};
}

void close_keys(keys& keys) {
  if (keys.pool) keys.pool->close();
  keys.vault.reset();
  keys.store.reset();
  keys.table = nullptr;
  keys.pool.reset();
  keys.lease.reset();
}

namespace {

// Copies that a move which was stopped left in the table, while another store is in force.
result<> clear_unused_table(process& process, sql::database& database) {
  if (database.kind() == sql::engine::sqlite) return {};
  const auto first = process.wait_for(sql::read_stored_keys(database, 0, 1));
  if (!first) return std::unexpected(first.error());
  if (first->empty()) return {};
  auto cleared = process.wait_for(sql::destroy_stored_keys(database));
  if (!cleared) return cleared;
  sql::key_table table{database, machine_clock};
  return process.wait_for(table.rewrite(std::chrono::minutes{0}));
}

// Put aside first, where every start clears what it finds: a file whose overwriting was stopped
// can't tell any more whose it is.
result<> clear_unused_file(const config::settings& settings, const uuid& former) {
  const fs::path path = settings.key_file();
  const auto reader = key_file::key_reader::open(path);
  const auto self = reader ? reader->self() : std::unexpected(reader.error());
  if (!self || self->id != former) return {};
  return key_file::discard(path, new_key_file(settings));
}

// Only `cruddur keys move` knows the address of a former one.
result<> clear_unused_key_database(process& process, const uuid& former) {
  if (process.key_database) {
    const auto self = table_store(process);
    if (!self) return std::unexpected(self.error());
    if (self->id == former) return clear_unused_table(process, *process.key_database);
  }
  return fail(fault_kind::conflict, "former_keys_left",
              "The keys were moved from a database of their own, and not all are destroyed there: "
              "run the same `cruddur keys move` again, with KEYS_URL still that database.");
}

}  // namespace

// The store in force is never touched, whatever is written of a former one.
result<> clear_former_store(process& process, sql::database& database) {
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (!*recorded) return {};
  const auto former = process.wait_for(sql::read_former_store(database));
  if (!former) return std::unexpected(former.error());
  if ((*recorded)->id != sql::in_database) {
    if (auto cleared = clear_unused_table(process, database); !cleared) return cleared;
  }
  if (!*former) return {};
  if (**former != (*recorded)->id) {
    const auto kind = sql::kind_of(**former);
    auto cleared = kind == sql::store_kind::file ? clear_unused_file(process.settings, **former)
                   : kind == sql::store_kind::key_database
                       ? clear_unused_key_database(process, **former)
                       : result<>{};
    if (!cleared) return cleared;
  }
  return process.wait_for(sql::forget_former_store(database));
}

}  // namespace cruddur
