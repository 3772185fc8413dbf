#include "main/clear_text_removal.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "adapters/sql/clear_texts.hpp"
#include "adapters/sql/pending_rewrites.hpp"
#include "config/settings.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;

// For what the log and the indices take beside the tables.
constexpr std::uintmax_t spare = std::uintmax_t{16} << 20U;

std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

result<> check_room_in(const fs::path& folder, std::uintmax_t needed, std::string_view use) {
  std::error_code error;
  const auto room = fs::space(folder, error);
  if (error || room.available >= needed) return {};
  constexpr std::uintmax_t mebibyte = std::uintmax_t{1} << 20U;
  return start_fault(fmt::format(
      "To remove old clear text, the database is written anew: {} needs {} MiB free for {} and has "
      "{}. Nothing was changed.",
      folder.string(), needed / mebibyte + 1, use, room.available / mebibyte));
}

// Where SQLite puts the copy that it makes first.
fs::path temporary_folder() {
  for (const char* name : {"SQLITE_TMPDIR", "TMPDIR"}) {
    const auto folder = config::environment_value(name);
    std::error_code error;
    if (folder && fs::is_directory(*folder, error)) return *folder;
  }
  return "/var/tmp";
}

}  // namespace

result<> check_room(const process& process) {
  if (!process.settings.uses_sqlite()) return {};
  const fs::path file = process.settings.database_url.substr(sizeof "sqlite:" - 1);
  const std::uintmax_t size = size_of(file) + size_of(file.string() + "-wal");
  if (size == 0) return {};
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  // The sealed rows go into the log, and so do the new pages.
  if (auto room = check_room_in(folder, 2 * size + spare, "its log"); !room) return room;
  return check_room_in(temporary_folder(), size + spare, "a copy");
}

task<result<>> seal_clear_text(int migration, sql::database& database, sql::content_vault& vault,
                               process& process) {
  const auto on_progress = [&process](std::size_t done) {
    process.log.write(log_level::info, "sealing what was stored as clear text",
                      {{"sealed", static_cast<std::int64_t>(done)}});
  };
  if (migration == sql::clear_texts_end) {
    co_return co_await sql::seal_clear_texts(database, vault, on_progress);
  }
  if (migration != sql::clear_names_end) co_return result<>{};
  sql::blind_index index{database, vault};
  if (auto opened = co_await index.open(process.clock->now()); !opened) co_return opened;
  co_return co_await sql::seal_clear_names(database, vault, index, on_progress);
}

result<> rewrite_pages(sql::database& database, process& process) {
  const auto pending = process.wait_for(sql::pending_rewrites(database));
  if (!pending) return std::unexpected(pending.error());
  if (pending->empty()) return {};
  process.log.write(log_level::info, "writing tables anew, whose old pages hold clear text",
                    {{"tables", fmt::format("{}", fmt::join(*pending, ", "))}});
  if (auto done = database.rewrite(*pending); !done) return done;
  if (auto done = process.wait_for(sql::forget_rewrites(database)); !done) return done;
  process.log.write(log_level::info, "tables written anew");
  return {};
}

}  // namespace cruddur
