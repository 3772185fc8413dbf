// Reading connections: one for each thread that reads, opened when it first does.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "adapters/sqlite/connection.hpp"

namespace cruddur::sqlite {

class readers {
 public:
  explicit readers(std::filesystem::path database);

  // Runs the statement on the calling thread's connection. Faults: unavailable.
  result<sql::query_result> run(const char* text, const sql::parameters& values);

  // Closes all; no thread may be reading.
  void close();

 private:
  std::unique_ptr<connection>& mine();

  const std::filesystem::path database_;
  const std::uint64_t serial_;  // of this object in the process; never used twice
  std::mutex mutex_;
  std::map<std::thread::id, std::unique_ptr<connection>> connections_;
};

}  // namespace cruddur::sqlite
