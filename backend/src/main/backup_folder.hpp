// The folder that `cruddur backup` writes to:
//
//   2026-11-28T11-36-10.123Z.archive   a copy of the database, without any key
//   2026-11-28T11-36-10.123Z.json      its manifest, written last: without it there is no backup
//   keys                               the newest keys, for all archives; written over each time
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/key_file/disk.hpp"
#include "adapters/sql/database.hpp"
#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"

namespace cruddur {

struct manifest {
  std::string name;     // of the archive: when it was begun, in UTC
  std::string version;  // of Cruddur
  sql::engine engine = sql::engine::sqlite;
  std::int64_t migration = 0;
  uuid database;
  // Of the store that the archive's keys were in, when it was begun.
  uuid store;
  std::uint64_t generation = 0;
  // Of the archive.
  std::uint64_t size = 0;
  std::string sha256;  // hexadecimal
};

// What stands with the keys, in the same file.
struct key_note {
  uuid database;
  std::string digest;  // of the keys, raw bytes
  // The local user pool's, where it is in a file.
  std::optional<secret> pool_secret;
};

std::string to_text(const key_note& note);
std::optional<key_note> read_key_note(std::string_view text);

// Faults: unavailable, in words for the operator.
class backup_folder {
 public:
  // Makes the folder where there is none, with mode 0700. Keeps others that do the same away until
  // it ends. Fault when it can be read by others and holds something.
  static result<backup_folder> open_to_write(const std::filesystem::path& path);
  static result<backup_folder> open_to_read(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path archive(std::string_view name) const;
  std::filesystem::path keys() const { return path_ / "keys"; }
  // Where both stand until they are whole.
  std::filesystem::path new_archive(std::string_view name) const;
  std::filesystem::path new_keys() const { return path_ / "keys.part"; }

  // Whole backups, the newest last. What has no good manifest is passed over.
  result<std::vector<manifest>> backups() const;

  // Removes what a stopped backup left.
  result<> clear_unfinished() const;

  // Puts the archive into its place, and then its manifest. Both are on the disk when this returns.
  result<> add(const manifest& done) const;

 private:
  backup_folder(key_file::descriptor lock, std::filesystem::path path)
      : lock_{std::move(lock)}, path_{std::move(path)} {}

  std::filesystem::path manifest_of(std::string_view name) const;

  key_file::descriptor lock_;
  std::filesystem::path path_;
};

// "2026-11-28T11-36-10.123Z"
std::string archive_name(time_point moment);

// SHA-256 of a file, hexadecimal, and its size.
struct file_digest {
  std::string sha256;
  std::uint64_t size = 0;
};
result<file_digest> digest_of(const std::filesystem::path& path);

}  // namespace cruddur
