#include "main/key_upkeep.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/key_table.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/slot_use.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "main/key_database.hpp"
#include "main/key_transfer.hpp"

namespace cruddur {
namespace {

constexpr std::size_t ended_batch = 1000;

result<key_census> collect_from(process& process, sql::database& database, key_file::key_file& file,
                                collection what) {
  const auto contents = sql::create_ended_keys(database);
  key_census out;
  for (std::size_t index = 0; index < file.used_space().extents; ++index) {
    std::vector<key_slot> slots = file.slots(index);
    if (slots.empty()) continue;
    out.keys += std::ssize(slots);
    const auto used = process.wait_for(contents->in_use(slots));
    if (!used) return std::unexpected(used.error());
    const std::unordered_set<key_slot> kept{used->begin(), used->end()};
    std::erase_if(slots, [&](key_slot slot) { return kept.contains(slot); });
    out.orphans += std::ssize(slots);
    if (what == collection::count || slots.empty()) continue;
    if (auto done = file.destroy(slots); !done) return std::unexpected(std::move(done.error()));
  }
  return out;
}

result<key_census> collect_from_table(process& process, sql::database& database, collection what) {
  sql::database& tables = key_tables(process, database);
  const system_clock clock;
  sql::key_table table{tables, clock};
  const auto contents = sql::create_ended_keys(database);
  const auto keys = process.wait_for(sql::count_stored_keys(tables));
  if (!keys) return std::unexpected(keys.error());
  key_census out{.keys = *keys, .orphans = 0};
  for (key_slot last = 0;;) {
    auto slots = process.wait_for(sql::read_settled_slots(tables, last, content_keys::batch_limit));
    if (!slots) return std::unexpected(slots.error());
    if (slots->empty()) return out;
    last = slots->back();
    const auto used = process.wait_for(contents->in_use(*slots));
    if (!used) return std::unexpected(used.error());
    const std::unordered_set<key_slot> kept{used->begin(), used->end()};
    std::erase_if(*slots, [&](key_slot slot) { return kept.contains(slot); });
    out.orphans += std::ssize(*slots);
    if (what == collection::count || slots->empty()) continue;
    auto done = process.wait_for(table.destroy(std::move(*slots)));
    if (!done) return std::unexpected(std::move(done.error()));
  }
}

}  // namespace

result<key_census> collect_keys(process& process, sql::database& database, key_file::key_file* file,
                                collection what) {
  if (what == collection::destroy) {
    const auto greatest = greatest_known_slot(process, database);
    if (!greatest) return std::unexpected(greatest.error());
    auto passed = file
                      ? file->pass(generation_of(*greatest))
                      : process.wait_for(sql::pass_slots(key_tables(process, database), *greatest));
    if (!passed) return std::unexpected(std::move(passed.error()));
  }
  return file ? collect_from(process, database, *file, what)
              : collect_from_table(process, database, what);
}

result<key_slot> greatest_known_slot(process& process, sql::database& database) {
  const auto ours = process.wait_for(sql::greatest_slot(database));
  if (!ours || !process.key_database) return ours;
  const auto theirs = process.wait_for(sql::greatest_slot(*process.key_database));
  if (!theirs) return theirs;
  return std::max(*ours, *theirs);
}

result<> destroy_ended_keys(process& process, sql::database& database, content_keys& keys) {
  const auto contents = sql::create_ended_keys(database);
  while (true) {
    const auto ended = process.wait_for(contents->oldest(ended_batch));
    if (!ended) return std::unexpected(ended.error());
    if (ended->empty()) return {};
    std::vector<key_slot> slots;
    for (const ended_key& each : *ended) slots.push_back(each.slot);
    auto done = process.wait_for(keys.destroy(slots));
    if (done) done = process.wait_for(contents->forget(std::move(slots)));
    if (!done) return done;
  }
}

result<> check_schema(sql::database& database) {
  const auto pending = sql::migration_plan(database);
  if (!pending) return std::unexpected(pending.error());
  if (pending->empty()) return {};
  return start_fault("The database is one of an earlier version: run `cruddur migrate up` first.");
}

}  // namespace cruddur
