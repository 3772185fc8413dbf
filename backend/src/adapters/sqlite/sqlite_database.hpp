// SQLite in WAL mode with synchronous=FULL. One thread writes and commits many units of work with
// one fsync (writer.hpp); a caller resumes after the fsync that covers its unit. Reads run on the
// calling thread, on a connection of its own, and block it meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "adapters/sql/database.hpp"

namespace cruddur::sqlite {

struct options {
  std::filesystem::path path;

  // Units of work that may wait; a write beyond them is refused as unavailable (database_busy).
  std::size_t write_queue_limit = 4096;

  // Gets a sentence for the log when the engine fails (disk full, I/O error, a damaged page), once
  // for writes and once for reads, and when it works again. Called on a thread of the driver or on
  // one that reads. May be empty.
  std::function<void(const std::string&)> on_error;

  // Called for each read and write that is refused. May be empty.
  sql::refusal_hook on_refusal;

  // For metrics: called on the writer thread after each commit with the number of units it covered.
  // May be empty.
  std::function<void(std::size_t units)> on_commit;
};

// Opens or creates the file, whose folder must exist, and takes the lock that keeps a second server
// process out. Fault (unavailable, code database_in_use or database_unavailable): its sentence is
// for the operator.
result<std::unique_ptr<sql::database>> open_database(options settings);

}  // namespace cruddur::sqlite
