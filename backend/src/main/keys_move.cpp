#include "main/keys_move.hpp"

#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "adapters/key_file/key_writer.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/key_table.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "main/key_holder.hpp"
#include "main/key_transfer.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

std::unexpected<fault> not_what_was_written() {
  return start_fault("The copied keys are not those that were written; nothing was moved.");
}

result<std::int64_t> move_to_table(process& process, sql::database& database) {
  auto keys = find_keys(process, database);
  if (!keys) return std::unexpected(std::move(keys.error()));
  const auto holding = key_holding::begin(process, database);
  if (!holding) return std::unexpected(holding.error());
  if (auto opened = open_keys(*keys, process, database, patience::none); !opened) {
    return std::unexpected(std::move(opened.error()));
  }
  auto done = destroy_ended_keys(process, database, *keys->store);
  // What a stopped attempt left there.
  if (done) done = process.wait_for(sql::destroy_stored_keys(database));
  if (!done) return std::unexpected(std::move(done.error()));
  const auto reader = key_file::key_reader::open(process.settings.key_file());
  if (!reader) return std::unexpected(reader.error());
  const auto count = copy_keys(process, *reader, database);
  if (!count) return count;
  const auto stored = process.wait_for(sql::count_stored_keys(database));
  if (!stored) return stored;
  if (*stored != *count) return not_what_was_written();
  const auto next_number = static_cast<key_slot>(keys->file->self().generation + 1);
  done = process.wait_for(
      sql::pass_slots(database, next_number * static_cast<key_slot>(key_file::keys_in_extent)));
  if (done) done = process.wait_for(sql::switch_key_store(database, {sql::in_database, 0}));
  close_keys(*keys);
  if (!done) return std::unexpected(std::move(done.error()));
  return count;
}

// No server has anything ready any more: blocks are settled as if they were old.
result<> settle_blocks(process& process, sql::database& database) {
  movable_clock later;
  later.advance(std::chrono::hours{2});
  sql::key_table table{database, later};
  const auto contents = sql::create_ended_keys(database);
  for (int rounds = 0; rounds < 100'000; ++rounds) {
    auto settled = process.wait_for(table.settle(*contents));
    if (!settled) return settled;
    const auto left = process.wait_for(sql::count_key_blocks(database));
    if (!left) return std::unexpected(left.error());
    if (*left == 0) break;
  }
  return destroy_ended_keys(process, database, table);
}

result<std::int64_t> move_to_file(process& process, sql::database& database) {
  const fs::path path = process.settings.key_file();
  const fs::path fresh = new_key_file(process.settings);
  if (std::error_code error; fs::exists(path, error)) {
    return start_fault(fmt::format(
        "There is a key file {} already, which is not this database's: put it elsewhere first.",
        path.string()));
  }
  if (auto settled = settle_blocks(process, database); !settled) {
    return std::unexpected(std::move(settled.error()));
  }
  auto writer = key_file::key_writer::create(fresh);
  if (!writer) return std::unexpected(std::move(writer.error()));
  const auto count = copy_keys(process, database, *writer);
  if (!count) return count;
  const auto greatest = process.wait_for(sql::greatest_slot(database));
  if (!greatest) return std::unexpected(greatest.error());
  const key_file::identity self{make_uuid_v4(), generation_of(*greatest) + 1};
  auto done = writer->finish(self);
  if (!done) return std::unexpected(std::move(done.error()));
  const auto written = key_file::key_reader::open(fresh);
  if (!written) return std::unexpected(written.error());
  const auto digest = written->digest();
  if (!digest) return std::unexpected(digest.error());
  if (*digest != writer->digest()) return not_what_was_written();
  done = process.wait_for(sql::switch_key_store(database, {self.id, self.generation}));
  if (done) done = key_file::put_in_place(fresh, path);
  if (!done) return std::unexpected(std::move(done.error()));
  return count;
}

}  // namespace

result<> move_keys(process& process, sql::database& database, std::string_view target) {
  const bool wants_file = target == "file:";
  if (!wants_file && target != "database:") {
    return fail(fault_kind::invalid, "setting_invalid",
                "Keys can be moved to file: or to database:.");
  }
  if (!wants_file && database.kind() == sql::engine::sqlite) {
    return fail(fault_kind::invalid, "setting_invalid",
                "Keys of a SQLite database are kept in a file: database: is for PostgreSQL.");
  }
  if (auto ready = check_schema(database); !ready) return ready;
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (!*recorded) return start_fault("No server has used this database yet: it has no keys.");
  if (auto cleared = clear_former_store(process, database); !cleared) return cleared;
  const bool is_in_file = (*recorded)->id != sql::in_database;
  if (is_in_file == wants_file) {
    process.settings.keys_url = target;
    // Puts a file in its place that a stopped attempt has left beside it.
    const auto found = find_keys(process, database);
    if (!found) return std::unexpected(found.error());
    fmt::print("The keys are kept in {} already.\n", target);
    return {};
  }
  process.settings.keys_url = is_in_file ? "file:" : "database:";
  const auto count =
      wants_file ? move_to_file(process, database) : move_to_table(process, database);
  if (!count) return std::unexpected(count.error());
  if (auto cleared = clear_former_store(process, database); !cleared) return cleared;
  fmt::print("Moved {} keys. Start servers with KEYS_URL={} from now on.\n", *count, target);
  return {};
}

}  // namespace cruddur
