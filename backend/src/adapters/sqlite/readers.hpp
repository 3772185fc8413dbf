// Reading connections: one for each thread that reads, opened when it first does.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "adapters/sqlite/connection.hpp"

namespace cruddur::sqlite {

class readers {
 public:
  // `on_error`: a sentence for the log when reads begin to fail, with the reason, and when they
  // work again; on any reading thread.
  readers(std::filesystem::path database, std::function<void(const std::string&)> on_error);

  // Runs the statement on the calling thread's connection. Faults: refusals.
  sql::driver_result<sql::query_result> run(const char* text, const sql::parameters& values);

  // Closes all; no thread may be reading.
  void close();

 private:
  std::unique_ptr<connection>& mine();

  const std::filesystem::path database_;
  const std::function<void(const std::string&)> on_error_;
  std::atomic<bool> failing_{false};
  const std::uint64_t serial_;  // of this object in the process; never used twice
  std::mutex mutex_;
  std::map<std::thread::id, std::unique_ptr<connection>> connections_;
};

}  // namespace cruddur::sqlite
