#include "main/backup_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "base/json_writer.hpp"
#include "base/running_digest.hpp"
#include "main/process.hpp"

namespace cruddur {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t format = 1;
constexpr std::string_view archive_suffix = ".archive";
constexpr std::string_view manifest_suffix = ".json";
constexpr std::string_view part_suffix = ".part";
constexpr std::string_view pattern = "0000-00-00T00-00-00.000Z";

bool is_name(std::string_view text) {
  return std::ranges::equal(text, pattern, [](char each, char shape) {
    return shape == '0' ? each >= '0' && each <= '9' : each == shape;
  });
}

std::unexpected<fault> cannot(std::string_view action, const fs::path& path, int error) {
  return start_fault(fmt::format("can't {} {}: {}", action, path.string(), std::strerror(error)));
}

std::string engine_name(sql::engine engine) {
  return engine == sql::engine::sqlite ? "sqlite" : "postgres";
}

std::string to_text(const manifest& done) {
  return json_object{}
             .number("format", format)
             .text("version", done.version)
             .text("engine", engine_name(done.engine))
             .number("migration", done.migration)
             .text("database", to_string(done.database))
             .text("store", to_string(done.store))
             .number("generation", static_cast<std::int64_t>(done.generation))
             .number("size", static_cast<std::int64_t>(done.size))
             .text("sha256", done.sha256)
             .finish() +
         "\n";
}

// Members of one JSON object, or nothing for whatever is not as it is wanted.
class members {
 public:
  explicit members(std::string_view text) {
    boost::system::error_code error;
    value_ = json::parse(text, error);
    if (error) value_ = nullptr;
  }

  std::optional<std::string> text(std::string_view name) const {
    const auto* found = find(name);
    if (!found || !found->is_string()) return std::nullopt;
    return std::string{found->get_string()};
  }
  std::optional<std::int64_t> number(std::string_view name) const {
    const auto* found = find(name);
    if (!found || !found->is_int64()) return std::nullopt;
    return found->get_int64();
  }
  std::optional<uuid> id(std::string_view name) const {
    const auto found = text(name);
    return found ? parse_uuid(*found) : std::nullopt;
  }

 private:
  const json::value* find(std::string_view name) const {
    return value_.is_object() ? value_.get_object().if_contains(name) : nullptr;
  }

  json::value value_;
};

std::optional<manifest> read_manifest(std::string_view name, std::string_view text) {
  const members all{text};
  const auto version = all.text("version");
  const auto engine = all.text("engine");
  const auto migration = all.number("migration");
  const auto database = all.id("database");
  const auto store = all.id("store");
  const auto generation = all.number("generation");
  const auto size = all.number("size");
  const auto sha256 = all.text("sha256");
  if (all.number("format") != format || !version || !engine || !migration || !database || !store ||
      !generation || !size || !sha256) {
    return std::nullopt;
  }
  return manifest{
      .name = std::string{name},
      .version = *version,
      .engine = *engine == "sqlite" ? sql::engine::sqlite : sql::engine::postgres,
      .migration = *migration,
      .database = *database,
      .store = *store,
      .generation = static_cast<std::uint64_t>(*generation),
      .size = static_cast<std::uint64_t>(*size),
      .sha256 = *sha256,
  };
}

std::string text_of(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return std::move(out).str();
}

result<key_file::descriptor> lock(const fs::path& path) {
  key_file::descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.number < 0) return cannot("open the folder", path, errno);
  if (::flock(folder.number, LOCK_EX | LOCK_NB) != 0) {
    return start_fault(
        fmt::format("Another backup or restore is using {}; wait for its end.", path.string()));
  }
  return folder;
}

}  // namespace

std::string to_text(const key_note& note) {
  json_object out;
  out.text("database", to_string(note.database)).text("digest", to_hex(note.digest));
  if (note.pool_secret) out.text("pool_secret", to_hex(note.pool_secret->view()));
  return out.finish();
}

std::optional<key_note> read_key_note(std::string_view text) {
  const members all{text};
  const auto database = all.id("database");
  const auto digest = all.text("digest");
  if (!database || !digest) return std::nullopt;
  key_note out{.database = *database, .digest = from_hex(*digest).value_or(""), .pool_secret = {}};
  if (const auto hex = all.text("pool_secret")) {
    const auto raw = from_hex(*hex);
    if (!raw || raw->size() != secret::size) return std::nullopt;
    out.pool_secret.emplace();
    std::ranges::copy(*raw, out.pool_secret->bytes().begin());
  }
  return out;
}

std::string archive_name(time_point moment) {
  std::string out = to_rfc3339(moment);
  std::ranges::replace(out, ':', '-');
  return out;
}

result<backup_folder> backup_folder::open_to_write(const fs::path& path) {
  if (auto made = key_file::make_folder(path); !made) {
    return start_fault(std::move(made.error().detail));
  }
  auto locked = lock(path);
  if (!locked) return std::unexpected(std::move(locked.error()));
  std::error_code error;
  const auto rights = fs::status(path, error).permissions();
  if (error) return cannot("open the folder", path, error.value());
  if ((rights & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
    if (fs::directory_iterator{path, error} != fs::directory_iterator{}) {
      return start_fault(fmt::format(
          "{} can be read by others, and keys are to lie there; make it private with chmod 700.",
          path.string()));
    }
    fs::permissions(path, fs::perms::owner_all, error);
    if (error) return cannot("make private", path, error.value());
  }
  return backup_folder{std::move(*locked), path};
}

result<backup_folder> backup_folder::open_to_read(const fs::path& path) {
  auto locked = lock(path);
  if (!locked) return std::unexpected(std::move(locked.error()));
  return backup_folder{std::move(*locked), path};
}

fs::path backup_folder::archive(std::string_view name) const {
  return path_ / fmt::format("{}{}", name, archive_suffix);
}

fs::path backup_folder::manifest_of(std::string_view name) const {
  return path_ / fmt::format("{}{}", name, manifest_suffix);
}

result<std::vector<manifest>> backup_folder::backups() const {
  std::vector<manifest> out;
  std::error_code error;
  for (const auto& each : fs::directory_iterator{path_, error}) {
    if (each.path().extension() != manifest_suffix) continue;
    const std::string name = each.path().stem().string();
    if (!is_name(name) || !fs::exists(archive(name))) continue;
    if (auto found = read_manifest(name, text_of(each.path()))) out.push_back(std::move(*found));
  }
  if (error) return cannot("read", path_, error.value());
  std::ranges::sort(out, {}, &manifest::name);
  return out;
}

fs::path backup_folder::new_archive(std::string_view name) const {
  return archive(name).string() + std::string{part_suffix};
}

// SQLite may leave a journal beside a file that it was writing.
result<> backup_folder::clear_unfinished() const {
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (const auto& each : fs::directory_iterator{path_, error}) {
    const std::string name = each.path().filename().string();
    if (is_name(name.substr(0, pattern.size())) && name.contains(part_suffix)) {
      leftovers.push_back(each.path());
    }
  }
  if (error) return cannot("read", path_, error.value());
  for (const fs::path& each : leftovers) {
    fs::remove(each, error);
    if (error) return cannot("remove", each, error.value());
  }
  if (auto done = key_file::shred(new_keys()); !done) {
    return start_fault(std::move(done.error().detail));
  }
  return {};
}

result<> backup_folder::add(const manifest& done) const {
  const fs::path target = manifest_of(done.name);
  const fs::path part = target.string() + std::string{part_suffix};
  const key_file::descriptor file{
      ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (file.number < 0) return cannot("write", part, errno);
  int failed = key_file::write_all(file.number, to_text(done), 0);
  if (failed == 0 && ::fsync(file.number) != 0) failed = errno;
  if (failed == 0 && ::rename(new_archive(done.name).c_str(), archive(done.name).c_str()) != 0) {
    failed = errno;
  }
  if (failed == 0 && ::rename(part.c_str(), target.c_str()) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(part.c_str());
    return cannot("write", target, failed);
  }
  if (auto synced = key_file::sync_folder(path_); !synced) {
    return start_fault(std::move(synced.error().detail));
  }
  return {};
}

result<file_digest> digest_of(const fs::path& path) {
  const key_file::descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) return cannot("read", path, errno);
  constexpr std::size_t step = std::size_t{1} << 20;
  std::string piece(step, '\0');
  running_digest sum;
  file_digest out;
  while (true) {
    const ssize_t count = key_file::read_all(file.number, piece.data(), step, out.size);
    if (count < 0) return cannot("read", path, errno);
    if (count == 0) break;
    sum.add(std::string_view{piece}.substr(0, static_cast<std::size_t>(count)));
    out.size += static_cast<std::uint64_t>(count);
  }
  out.sha256 = to_hex(sum.finish());
  return out;
}

}  // namespace cruddur
