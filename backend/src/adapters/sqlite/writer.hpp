// The one thread that writes. It takes whatever units of work wait, runs each in a savepoint of its
// own, commits them together with one fsync, and only then lets their callers go on.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/sql/outcome.hpp"
#include "adapters/sqlite/checkpointer.hpp"
#include "adapters/sqlite/commit_pace.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/sqlite_database.hpp"

namespace cruddur::sqlite {

using sql::outcome;

struct unit {
  std::vector<sql::command> commands;
  boost::asio::any_io_executor executor;  // where `done` is to run
  std::move_only_function<void(outcome)> done;
};

// Work that needs the connection for itself, outside any transaction; run on the writer thread.
using exclusive_job = std::move_only_function<void(connection*)>;  // null: the engine is away

class writer {
 public:
  // Throws engine_error when the database can't be opened.
  explicit writer(const options& settings);
  ~writer();  // as close()

  // Queues the unit; false, leaving it as it was, when the queue is full or the writer closed.
  bool submit(unit& work);
  bool submit(exclusive_job job);

  // Finishes what is queued and ends the thread.
  void finish();

  // As finish(), and closes the connection: last of all, so that it empties the write-ahead log.
  void close();

  sql::statistics counts() const;

 private:
  void run();
  void run_job(exclusive_job job);
  void commit_batch();
  bool take(unit& next, std::size_t taken);
  std::vector<unit> take_all();
  void count(const std::vector<unit>& units, const std::vector<outcome>& outcomes);
  outcome execute(const std::vector<sql::command>& commands);
  void deliver(std::vector<unit> units, std::vector<outcome> outcomes);
  void must(const char* text);
  void ensure_open();
  void give_up(const engine_error& error);
  void bound_log();

  const options settings_;
  std::unique_ptr<connection> connection_;  // null after a failure, until it can be opened again
  checkpointer checkpointer_;
  commit_pace pace_;
  commit_pace::duration waited_{};  // for company, in the batch under way
  bool failing_ = false;
  bool job_was_last_ = false;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<unit> units_;
  std::deque<exclusive_job> jobs_;
  bool closing_ = false;
  sql::statistics counts_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace cruddur::sqlite
