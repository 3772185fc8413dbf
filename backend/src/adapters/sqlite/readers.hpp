// The reading connections: each thread that reads has one of its own, opened at its first read.
//
// A connection that fails is dropped, and the next read of its thread opens another. No lock is
// taken by a read, save the first of a thread.
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
  // `on_error` gets a sentence for the log when reads begin to fail, with the reason, and when they
  // work again. It is called on any reading thread, and may be empty.
  readers(std::filesystem::path database, std::function<void(const std::string&)> on_error);

  // Runs the statement on the calling thread's connection. Faults: the refusals of driver_fault.
  sql::driver_result<sql::query_result> run(const sql::statement& text,
                                            const sql::parameters& values);

  // Closes all connections. No thread may be reading.
  void close();

 private:
  std::unique_ptr<connection>& thread_connection();

  const std::filesystem::path database_;
  const std::function<void(const std::string&)> on_error_;
  std::atomic<bool> is_failing_{false};
  // Numbers the objects of this class in the process: a thread that remembers a connection knows by
  // it whether that belongs to this object or to an earlier one at the same address.
  const std::uint64_t serial_;
  std::mutex mutex_;
  std::map<std::thread::id, std::unique_ptr<connection>> connections_;
};

}  // namespace cruddur::sqlite
