#include "main/keys_abandon.hpp"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include <fmt/format.h>

#include "adapters/key_file/file_content_keys.hpp"
#include "adapters/key_file/key_writer.hpp"
#include "adapters/sql/content_key_store.hpp"
#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/key_table.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "main/key_database.hpp"
#include "main/key_holder.hpp"
#include "main/key_transfer.hpp"
#include "main/key_upkeep.hpp"
#include "main/keys.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

// How far a lost file may have been ahead of what the database saw of it.
constexpr std::uint64_t unseen_generations = 1024;

// Where there is no file any more.
class no_keys : public content_keys {
 public:
  task<result<std::vector<reserved_key>>> reserve(std::size_t, key_term) override {
    co_return fail(fault_kind::unavailable, "keys_unavailable", "there are no keys");
  }
  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override {
    co_return std::vector<std::optional<secret>>(slots.size());
  }
  task<result<>> destroy(std::vector<key_slot>) override { co_return result<>{}; }
};

using losses = std::vector<sql::lost_contents>;

result<losses> find_losses(process& process, sql::database& database, key_file::key_file* file) {
  if (!process.settings.keeps_keys_in_file()) {
    const system_clock clock;
    sql::key_table table{key_tables(process, database), clock};
    return process.wait_for(sql::find_lost(database, table));
  }
  if (!file) {
    no_keys none;
    return process.wait_for(sql::find_lost(database, none));
  }
  runtime::blocking_pool pool{1, 1024};
  const auto keys = key_file::create_content_keys(*file, pool);
  return process.wait_for(sql::find_lost(database, *keys));
}

std::int64_t print(const losses& found) {
  std::int64_t lost = 0;
  for (const sql::lost_contents& each : found) {
    fmt::print("{}: {} can be read, {} are lost.\n", each.contents, each.kept, each.lost.size());
    lost += std::ssize(each.lost);
  }
  return lost;
}

// Of the former file, if there is one, what rows use and what opens.
result<> carry_over(process& process, sql::database& database, const fs::path& former,
                    const std::unordered_set<key_slot>& lost, key_file::key_writer& target) {
  if (std::error_code error; !fs::exists(former, error)) return {};
  const auto reader = key_file::key_reader::open(former);
  if (!reader) return std::unexpected(reader.error());
  const auto contents = sql::create_ended_keys(database);
  for (std::size_t index = 0; index < reader->extents(); ++index) {
    auto extent = reader->read(index);
    if (!extent) return std::unexpected(std::move(extent.error()));
    if (!*extent) continue;
    auto& header = (*extent)->header;
    std::vector<key_slot> slots;
    for (std::size_t key = 0; key < key_file::keys_in_extent; ++key) {
      if (!header.ended[key]) slots.push_back(key_file::slot_of(header.number, key));
    }
    const auto used = process.wait_for(contents->in_use(std::move(slots)));
    if (!used) return std::unexpected(used.error());
    header.ended.set();
    for (const key_slot each : *used) {
      if (!lost.contains(each)) header.ended.reset(key_file::position_of(each).index);
    }
    header.state = static_cast<std::uint8_t>(key_file::extent_state::closed);
    if (auto done = target.append(**extent); !done) return done;
  }
  return {};
}

// The new file is whole, then the database is told of it, then it takes its place: stopped in
// between, whoever opens the keys next goes on.
result<> begin_new_file(process& process, sql::database& database, std::uint64_t generation,
                        const std::unordered_set<key_slot>& lost) {
  const fs::path path = process.settings.key_file();
  const fs::path fresh = new_key_file(process.settings);
  auto writer = key_file::key_writer::create(fresh);
  if (!writer) return std::unexpected(std::move(writer.error()));
  auto done = carry_over(process, database, path, lost, *writer);
  const key_file::identity self{make_uuid_v4(), generation + unseen_generations};
  if (done) done = writer->finish(self);
  if (done) done = process.wait_for(sql::switch_key_store(database, {self.id, self.generation}));
  if (done) done = key_file::put_in_place(fresh, path);
  if (done) done = process.wait_for(sql::forget_former_store(database));
  return done;
}

// How the keys that are there compare with those that the database was used with last.
enum class presence { whole, older, none };

result<presence> compare_key_database(process& process, const sql::recorded_store& recorded) {
  if (auto ready = migrate_key_database(process); !ready) {
    return std::unexpected(std::move(ready.error()));
  }
  const auto self = table_store(process);
  if (!self) return std::unexpected(self.error());
  if (self->id == recorded.id) {
    return self->generation < recorded.generation ? presence::older : presence::whole;
  }
  if (self->generation == 0) return presence::none;
  return start_fault(
      "The keys in the database that KEYS_URL leads to belong to another database than this one: "
      "name an empty one.");
}

// No slot that was ever given out is given out again.
result<> go_on_in_table(process& process, sql::database& database,
                        const sql::recorded_store& recorded, key_slot greatest) {
  const auto seen =
      static_cast<key_slot>((recorded.generation + unseen_generations) * key_file::keys_in_extent);
  auto done = process.wait_for(sql::pass_slots(
      key_tables(process, database), process.key_database ? std::max(greatest, seen) : greatest));
  if (!done) return done;
  const auto store = table_store(process);
  if (!store) return std::unexpected(store.error());
  done = process.wait_for(sql::switch_key_store(database, *store));
  if (done) done = process.wait_for(sql::forget_former_store(database));
  return done;
}

result<std::unique_ptr<key_file::key_file>> open_former(const config::settings& settings,
                                                        const sql::recorded_store& recorded) {
  const fs::path path = settings.key_file();
  std::error_code error;
  if (!fs::exists(path, error)) return nullptr;
  auto file = key_file::key_file::open(path);
  if (!file) return file;
  if ((*file)->self().id == recorded.id) return file;
  return start_fault(fmt::format(
      "The key file {} belongs to another database than this one: put it elsewhere first.",
      path.string()));
}

}  // namespace

result<> abandon_keys(process& process, sql::database& database, consent consent) {
  if (auto ready = check_schema(database); !ready) return ready;
  const auto recorded = sql::read_key_store(database);
  if (!recorded) return std::unexpected(recorded.error());
  if (!*recorded) return start_fault("No server has used this database yet: it has no keys.");
  if (auto good = check_place(process.settings, *recorded); !good) return good;
  if (auto placed = finish_new_file(process.settings, **recorded); !placed) return placed;

  std::unique_ptr<key_file::key_file> file;
  if (process.settings.keeps_keys_in_file()) {
    auto former = open_former(process.settings, **recorded);
    if (!former) return std::unexpected(std::move(former.error()));
    file = std::move(*former);
  }
  presence there = presence::whole;
  if (process.settings.keeps_keys_in_file()) {
    there = !file                                               ? presence::none
            : file->self().generation < (*recorded)->generation ? presence::older
                                                                : presence::whole;
  } else if (process.key_database) {
    const auto compared = compare_key_database(process, **recorded);
    if (!compared) return std::unexpected(compared.error());
    there = *compared;
  }
  const auto holding = key_holding::begin(process, database);
  if (!holding) return std::unexpected(holding.error());
  const auto found = find_losses(process, database, file.get());
  if (!found) return std::unexpected(found.error());
  const std::int64_t count = print(*found);
  if (count == 0 && there == presence::whole) {
    fmt::print("Nothing is lost: there is nothing to abandon.\n");
    return {};
  }
  if (consent == consent::missing) {
    fmt::print(
        "Nothing was changed. --yes gives up what is lost, for good: look for a newer copy "
        "of the keys first.\n");
    return {};
  }

  const auto greatest = greatest_known_slot(process, database);
  if (!greatest) return std::unexpected(greatest.error());
  std::unordered_set<key_slot> lost;
  for (const auto& each : *found) lost.insert(each.lost.begin(), each.lost.end());
  result<> done;
  if (process.settings.keeps_keys_in_file()) {
    const auto former = file ? file->self().generation : 0;
    const auto generation = std::max({generation_of(*greatest), (*recorded)->generation, former});
    file.reset();
    done = begin_new_file(process, database, generation, lost);
  } else {
    done = go_on_in_table(process, database, **recorded, *greatest);
  }
  // Keys for its older archives may be in its backups: those are not written over.
  if (done) done = process.wait_for(sql::renew_database_id(database));
  if (done) {
    done =
        process.wait_for(sql::end_lost(database, {lost.begin(), lost.end()}, system_clock{}.now()));
  }
  if (!done) return done;
  fmt::print("Given up: {}. The server can be started; back it up into a new folder.\n", count);
  return {};
}

}  // namespace cruddur
