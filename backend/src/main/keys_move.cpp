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
#include "config/url.hpp"
#include "main/key_database.hpp"
#include "main/key_holder.hpp"
#include "main/key_transfer.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"
#include "main/storage.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

std::unexpected<fault> not_what_was_written() {
  return start_fault("The copied keys are not those that were written; nothing was moved.");
}

// Where the keys are and where they go, if that is a table.
struct move {
  process& process;
  sql::database& database;
  sql::database* source = nullptr;
  sql::database* target = nullptr;
};

// Empty, whatever a stopped attempt has left there.
result<> empty_target(const move& move) {
  return move.process.wait_for(sql::destroy_stored_keys(*move.target));
}

// The target is the store from here on.
result<> switch_to_table(const move& move, std::int64_t count, key_slot greatest) {
  process& process = move.process;
  const auto stored = process.wait_for(sql::count_stored_keys(*move.target));
  if (!stored) return std::unexpected(stored.error());
  if (*stored != count) return not_what_was_written();
  auto done = process.wait_for(sql::pass_slots(*move.target, greatest));
  if (!done) return done;
  sql::recorded_store next{sql::in_database, 0};
  if (move.target != &move.database) {
    const auto self = process.wait_for(sql::read_key_database(*move.target));
    if (!self) return std::unexpected(self.error());
    next = *self;
  }
  return process.wait_for(sql::switch_key_store(move.database, next));
}

result<std::int64_t> move_from_file_to_table(const move& move) {
  process& process = move.process;
  auto keys = find_keys(process, move.database);
  if (!keys) return std::unexpected(std::move(keys.error()));
  const auto holding = key_holding::begin(process, move.database);
  if (!holding) return std::unexpected(holding.error());
  if (auto opened = open_keys(*keys, process, move.database, patience::none); !opened) {
    return std::unexpected(std::move(opened.error()));
  }
  auto done = destroy_ended_keys(process, move.database, *keys->store);
  if (done) done = empty_target(move);
  if (!done) return std::unexpected(std::move(done.error()));
  const auto reader = key_file::key_reader::open(process.settings.key_file());
  if (!reader) return std::unexpected(reader.error());
  const auto count = copy_keys(process, *reader, *move.target);
  if (!count) return count;
  const auto next_number = static_cast<key_slot>(keys->file->self().generation + 1);
  done =
      switch_to_table(move, *count, next_number * static_cast<key_slot>(key_file::keys_in_extent));
  close_keys(*keys);
  if (!done) return std::unexpected(std::move(done.error()));
  return count;
}

// No server has anything ready any more: blocks are settled as if they were old.
result<> settle_blocks(const move& move) {
  process& process = move.process;
  movable_clock later;
  later.advance(std::chrono::hours{2});
  sql::key_table table{*move.source, later};
  const auto contents = sql::create_ended_keys(move.database);
  for (int rounds = 0; rounds < 100'000; ++rounds) {
    auto settled = process.wait_for(table.settle(*contents));
    if (!settled) return settled;
    const auto left = process.wait_for(sql::count_key_blocks(*move.source));
    if (!left) return std::unexpected(left.error());
    if (*left == 0) break;
  }
  return destroy_ended_keys(process, move.database, table);
}

result<std::int64_t> move_from_table_to_table(const move& move) {
  auto done = settle_blocks(move);
  if (done) done = empty_target(move);
  if (!done) return std::unexpected(std::move(done.error()));
  const auto count = copy_keys(move.process, *move.source, *move.target);
  if (!count) return count;
  const auto greatest = greatest_known_slot(move.process, move.database);
  if (!greatest) return greatest;
  done = switch_to_table(move, *count, *greatest);
  if (!done) return std::unexpected(std::move(done.error()));
  return count;
}

result<std::int64_t> move_from_table_to_file(const move& move) {
  process& process = move.process;
  const fs::path path = process.settings.key_file();
  const fs::path fresh = new_key_file(process.settings);
  if (std::error_code error; fs::exists(path, error)) {
    return start_fault(fmt::format(
        "There is a key file {} already, which is not this database's: put it elsewhere first.",
        path.string()));
  }
  if (auto settled = settle_blocks(move); !settled) {
    return std::unexpected(std::move(settled.error()));
  }
  auto writer = key_file::key_writer::create(fresh);
  if (!writer) return std::unexpected(std::move(writer.error()));
  const auto count = copy_keys(process, *move.source, *writer);
  if (!count) return count;
  const auto greatest = greatest_known_slot(process, move.database);
  if (!greatest) return std::unexpected(greatest.error());
  const key_file::identity self{make_uuid_v4(), generation_of(*greatest) + 1};
  auto done = writer->finish(self);
  if (!done) return std::unexpected(std::move(done.error()));
  const auto written = key_file::key_reader::open(fresh);
  if (!written) return std::unexpected(written.error());
  const auto digest = written->digest();
  if (!digest) return std::unexpected(digest.error());
  if (*digest != writer->digest()) return not_what_was_written();
  done = process.wait_for(sql::switch_key_store(move.database, {self.id, self.generation}));
  if (done) done = key_file::put_in_place(fresh, path);
  if (!done) return std::unexpected(std::move(done.error()));
  return count;
}

result<std::int64_t> copy_into(const move& move) {
  if (!move.target) return move_from_table_to_file(move);
  return move.source ? move_from_table_to_table(move) : move_from_file_to_table(move);
}

struct destination {
  sql::store_kind kind;
  std::string url;
};

result<destination> read_destination(std::string_view text, sql::engine engine) {
  const auto url = config::parse_keys_url(text);
  if (!url) {
    return fail(fault_kind::invalid, "setting_invalid",
                "Keys can be moved to file:, to database: or to postgres://…");
  }
  if (*url == "file:") return destination{sql::store_kind::file, *url};
  if (engine == sql::engine::sqlite) {
    return fail(fault_kind::invalid, "setting_invalid",
                "Keys of a SQLite database are kept in a file: database: is for PostgreSQL.");
  }
  const auto kind = *url == "database:" ? sql::store_kind::table : sql::store_kind::key_database;
  return destination{kind, *url};
}

// Has process.key_database open where the keys are in it or are to be.
result<> open_key_database(process& process, sql::database& database, sql::store_kind source,
                           const destination& target) {
  const std::string& url = target.url;
  if (source == sql::store_kind::key_database) {
    if (!process.key_database) {
      return start_fault(
          "The keys of this database are kept in a database of their own: KEYS_URL must be its "
          "address, postgres://…, when they are moved from there.");
    }
    if (target.kind == source && process.settings.keys_url != url) {
      return start_fault(
          "Keys are not moved from one database of their own into another: move them to file: or "
          "to database: first.");
    }
    return {};
  }
  if (target.kind != sql::store_kind::key_database) return {};
  if (!process.key_database) {
    auto opened = open_postgres(process, url);
    if (!opened) return std::unexpected(std::move(opened.error()));
    process.key_database = std::move(*opened);
  } else if (process.settings.keys_url != url) {
    return start_fault("KEYS_URL is another database than the one that the keys are moved to.");
  }
  if (auto ready = migrate_key_database(process); !ready) return ready;
  return check_apart(process, database);
}

// As an operator may read it: an address may hold a password.
std::string_view name_of(sql::store_kind kind) {
  switch (kind) {
    case sql::store_kind::file:
      return "file:";
    case sql::store_kind::table:
      return "database:";
    case sql::store_kind::key_database:
      break;
  }
  return "the address of that database";
}

}  // namespace

result<> move_keys(process& process, sql::database& database, std::string_view target) {
  const auto wanted = read_destination(target, database.kind());
  if (!wanted) return std::unexpected(wanted.error());
  if (auto ready = check_schema(database); !ready) return ready;
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (!*recorded) return start_fault("No server has used this database yet: it has no keys.");
  const auto present = sql::kind_of((*recorded)->id);
  if (auto opened = open_key_database(process, database, present, *wanted); !opened) {
    return opened;
  }
  if (auto cleared = clear_former_store(process, database); !cleared) return cleared;
  if (present == sql::store_kind::file) process.settings.keys_url = "file:";
  if (present == sql::store_kind::table) process.settings.keys_url = "database:";
  if (present == wanted->kind) {
    // Puts a file in its place that a stopped attempt has left beside it.
    const auto found = find_keys(process, database);
    if (!found) return std::unexpected(found.error());
    fmt::print("The keys are kept in {} already.\n", name_of(wanted->kind));
    return {};
  }
  if (present == sql::store_kind::key_database) {
    if (auto good = check_key_database(process, *recorded); !good) return good;
  } else if (wanted->kind == sql::store_kind::key_database) {
    if (auto unused = check_key_database(process, std::nullopt); !unused) return unused;
  }
  move move{.process = process, .database = database};
  const auto tables = [&](sql::store_kind kind) -> sql::database* {
    if (kind == sql::store_kind::file) return nullptr;
    return kind == sql::store_kind::table ? &database : process.key_database.get();
  };
  move.source = tables(present);
  move.target = tables(wanted->kind);
  const auto count = copy_into(move);
  if (!count) return std::unexpected(count.error());
  if (auto cleared = clear_former_store(process, database); !cleared) return cleared;
  fmt::print("Moved {} keys. Start servers with KEYS_URL={} from now on.\n", *count,
             name_of(wanted->kind));
  return {};
}

}  // namespace cruddur
