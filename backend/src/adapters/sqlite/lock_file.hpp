// Keeps a second process away from a database file while this one has it open.
#pragma once

#include <filesystem>

#include "base/fault.hpp"

namespace cruddur::sqlite {

// Holds an flock(2) on a file beside the database until it is destroyed, or the process ends in any
// way. The file itself stays.
class lock_file {
 public:
  // Fault (unavailable): code database_in_use when another process holds the lock, code
  // database_unavailable when the file can't be opened. The sentence names the database.
  static result<lock_file> take(const std::filesystem::path& database);

  lock_file(lock_file&& other) noexcept;
  lock_file& operator=(lock_file&&) = delete;
  ~lock_file();

 private:
  explicit lock_file(int descriptor) : descriptor_{descriptor} {}

  int descriptor_;
};

}  // namespace cruddur::sqlite
