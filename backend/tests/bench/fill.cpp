// Puts many people and activities into a database whose server is stopped, sealed as the server
// would. Usage: bench_fill < rows, with the server's settings in the environment.
//
// A row is a line of fields with tabs between. An activity: id, author's id, id of what it answers
// and of the root ("-" for a root's), created_at and expires_at in Unix milliseconds, message. A
// person: "person", id, identity's id, created_at, handle, display name.
#include <array>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/live_roots.hpp"
#include "config/settings.hpp"
#include "domain/entity_list.hpp"
#include "main/storage.hpp"

namespace {

using namespace cruddur;

constexpr std::size_t batch = 1000;

const sql::statement insert_row{
    "insert_row",
    "INSERT INTO activities (uuid, user_uuid, slot, sealed, created_at, expires_at, reply_to_uuid, "
    "root_uuid, lifetime_class) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

struct input_row {
  uuid id;
  uuid author;
  std::optional<uuid> parent;
  std::optional<uuid> root;
  time_point created_at;
  time_point expires_at;
  std::string message;
};

uuid read_id(std::string_view text) {
  const auto id = parse_uuid(text);
  if (!id) throw std::runtime_error("no id: " + std::string{text});
  return *id;
}

time_point read_time(std::string_view text) {
  std::int64_t ms = 0;
  std::from_chars(text.data(), text.data() + text.size(), ms);
  return from_unix_ms(ms);
}

template <std::size_t count>
std::array<std::string_view, count> read_fields(std::string_view line) {
  std::array<std::string_view, count> fields;
  for (std::size_t i = 0; i < count; ++i) {
    const auto tab = i + 1 < count ? line.find('\t') : line.size();
    if (tab == std::string_view::npos) throw std::runtime_error("a row lacks fields");
    fields[i] = line.substr(0, tab);
    line.remove_prefix(std::min(line.size(), tab + 1));
  }
  return fields;
}

constexpr std::string_view person_mark = "person\t";

task<result<>> add_person(storage& storage, std::string line) {
  const auto fields = read_fields<6>(line);
  co_return co_await storage.profiles->create(read_id(fields[2]), {read_id(fields[1]),
                                                                   std::string{fields[4]},
                                                                   std::string{fields[5]},
                                                                   {},
                                                                   read_time(fields[3])});
}

input_row read_row(std::string_view line) {
  const auto fields = read_fields<7>(line);
  const auto optional_id = [](std::string_view text) {
    return text == "-" ? std::nullopt : std::optional{read_id(text)};
  };
  return {read_id(fields[0]),     read_id(fields[1]),   optional_id(fields[2]),
          optional_id(fields[3]), read_time(fields[4]), read_time(fields[5]),
          std::string{fields[6]}};
}

task<result<>> insert(storage& storage, std::vector<input_row> rows) {
  auto keys = co_await storage.keys.vault->take(rows.size(), key_term::days);
  if (!keys) co_return std::unexpected(keys.error());
  std::vector<sql::command> commands;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const input_row& each = rows[i];
    const std::string record =
        sql::activity_record(each.message, entities_json(find_entities(each.message)));
    const auto lifetime =
        each.root ? sql::class_of_replies : sql::lifetime_class(each.created_at, each.expires_at);
    commands.push_back(
        {insert_row,
         {each.id, each.author, (*keys)[i].slot(),
          sql::bytes{(*keys)[i].seal(sql::content_kind::activity, each.id, record)},
          to_unix_ms(each.created_at), to_unix_ms(each.expires_at), sql::from_optional(each.parent),
          sql::from_optional(each.root), lifetime}});
  }
  const auto done = co_await storage.database->write(std::move(commands));
  for (sql::content_key& each : *keys) each.keep();
  if (!done) co_return std::unexpected<fault>(done.error());
  co_return result<>{};
}

void fill(process& process, storage& storage) {
  std::vector<input_row> rows;
  const auto flush = [&] {
    const auto done = process.wait_for(insert(storage, std::exchange(rows, {})));
    if (!done) throw std::runtime_error(done.error().detail);
  };
  for (std::string line; std::getline(std::cin, line);) {
    if (line.starts_with(person_mark)) {
      const auto done = process.wait_for(add_person(storage, line));
      if (!done) throw std::runtime_error(done.error().detail);
      continue;
    }
    rows.push_back(read_row(line));
    if (rows.size() == batch) flush();
  }
  if (!rows.empty()) flush();
}

int run() {
  auto settings = config::read_settings(config::environment_value);
  if (!settings) throw std::runtime_error(settings.error().detail);
  null_logger log;
  process process{std::move(*settings), log};
  auto storage = open_storage(process);
  if (!storage) throw std::runtime_error(storage.error().detail);
  fill(process, *storage);
  if (storage->notifier) storage->notifier->close();
  if (storage->keys.pool) storage->keys.pool->close();
  storage->database->end_writes();
  process.loops.stop();
  storage->database->close();
  return 0;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& error) {
    std::cerr << "bench_fill: " << error.what() << '\n';
    return 1;
  }
}
