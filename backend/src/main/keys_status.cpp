#include "main/keys_status.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "adapters/key_file/key_reader.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "main/key_database.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

result<> print_file(const fs::path& path, const sql::recorded_store& recorded) {
  fmt::print("The keys are kept in the file {}.\n", path.string());
  std::error_code error;
  if (!fs::exists(path, error)) return missing_key_file(path);
  const auto reader = key_file::key_reader::open(path);
  if (!reader) return std::unexpected(reader.error());
  const auto self = reader->self();
  if (!self) return std::unexpected(self.error());
  const auto space = reader->used_space();
  if (!space) return std::unexpected(space.error());
  fmt::print("It is file {}, generation {}; the database has seen generation {}.\n",
             to_string(self->id), self->generation, recorded.generation);
  fmt::print("Keys in it: {}. Free room: {} keys, and it grows when that is used up.\n",
             space->keys, space->free * key_file::keys_in_extent);
  fmt::print("Damaged extents of {} keys: {}.\n", key_file::keys_in_extent, space->damaged);
  if (key_file::is_held(path)) {
    fmt::print("A server is using the file: keys that it has ready are counted too.\n");
  }
  return check_key_file(*self, recorded, path);
}

result<> print_table(process& process, sql::database& database,
                     const sql::recorded_store& recorded) {
  if (process.key_database) {
    const auto self = table_store(process);
    if (!self) return std::unexpected(self.error());
    fmt::print("The keys are kept in a database of their own.\n");
    fmt::print("It is {}, generation {}; the posts' database has seen generation {}.\n",
               to_string(self->id), self->generation, recorded.generation);
    if (auto fits = check_key_database(process, recorded); !fits) return fits;
  } else {
    fmt::print("The keys are kept in the database.\n");
  }
  const auto keys = process.wait_for(sql::count_stored_keys(key_tables(process, database)));
  if (!keys) return std::unexpected(keys.error());
  const auto greatest = greatest_known_slot(process, database);
  if (!greatest) return std::unexpected(greatest.error());
  fmt::print(
      "Keys in it: {}, with those that servers have ready. The greatest slot given out: {}.\n",
      *keys, *greatest);
  return {};
}

}  // namespace

result<> print_key_status(process& process, sql::database& database) {
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (!*recorded) {
    fmt::print("No server has used this database yet: it has no keys.\n");
    return {};
  }
  auto fits = check_place(process.settings, *recorded);
  if (fits) {
    fits = process.settings.keeps_keys_in_file()
               ? print_file(process.settings.key_file(), **recorded)
               : print_table(process, database, **recorded);
  }
  const auto used = process.wait_for(sql::count_slots(database));
  if (!used) return std::unexpected(used.error());
  const auto waiting = process.wait_for(sql::count_ended_keys(database));
  if (!waiting) return std::unexpected(waiting.error());
  fmt::print("Contents that are sealed: {}.\n", *used);
  if (waiting->count == 0) {
    fmt::print("Ended keys that wait to be destroyed: none.\n");
  } else {
    fmt::print("Ended keys that wait to be destroyed: {}, the first since {}.\n", waiting->count,
               to_rfc3339(waiting->since));
  }
  if (fits) fmt::print("The store fits the database.\n");
  return fits;
}

}  // namespace cruddur
