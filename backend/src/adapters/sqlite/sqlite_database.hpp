// SQLite in WAL mode with synchronous=FULL. One writer thread takes units of work from a queue and
// commits many in one transaction, each in its own savepoint; a caller resumes after the fsync that
// covers it. Reads run inline on a connection of the calling thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "adapters/sql/database.hpp"

namespace cruddur::sqlite {

struct options {
  std::filesystem::path path;
  std::size_t write_queue_limit =
      4096;  // units waiting; beyond it a write is refused as unavailable (database_busy)
  // Called with a sentence for the log when the engine fails (disk full, I/O error, a damaged
  // page), once for writes and once for reads, and when it works again. On a thread of the driver
  // or on one that reads.
  std::function<void(const std::string&)> on_error;
  sql::refusal_hook on_refusal;  // for each read and write; may be empty
  // Called on the writer thread after each commit with the units it covered; for metrics.
  std::function<void(std::size_t units)> on_commit;
};

// Opens or creates the file and takes the lock that keeps a second server process out; the folder
// must exist. Fault (unavailable, code database_in_use or database_unavailable): in words.
result<std::unique_ptr<sql::database>> open_database(options settings);

}  // namespace cruddur::sqlite
