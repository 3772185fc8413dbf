// The one thread that writes, with group commit: many units of work share one wait for the disk.
//
// - The thread begins a transaction and runs the queued units in it, each in a savepoint of its
//   own, so that a unit that is refused leaves no trace and does not disturb the others.
// - While callers keep coming it waits a little for more units (commit_pace.hpp), then commits:
//   one fsync for the whole batch.
// - A caller is answered only after that commit, so whatever was acknowledged is on disk.
// - When the engine fails, nobody in the batch was answered yet: the transaction is rolled back and
//   all of them are refused. The next batch starts on the same connection, or on a new one.
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
  // Runs `completion`.
  boost::asio::any_io_executor executor;
  std::move_only_function<void(outcome)> completion;
};

// Work that needs the connection for itself, outside any transaction. Runs on the writer thread;
// the connection is null when the database can't be opened.
using exclusive_job = std::move_only_function<void(connection*)>;

class writer {
 public:
  // Throws engine_error when the database can't be opened.
  explicit writer(const options& settings);

  // As close().
  ~writer();

  // Queues the unit. Returns false, and leaves the unit as it was, when the queue is full or the
  // writer is closed.
  bool submit(unit& work);
  bool submit(exclusive_job job);

  // Finishes what is queued and ends the thread.
  void finish();

  // As finish(), and closes the connection. Every other connection must be closed before: closing
  // the last one empties the write-ahead log.
  void close();

  sql::statistics counts() const;

 private:
  void run();
  void run_job(exclusive_job job);
  void commit_batch();
  bool take_unit(unit& next, std::size_t taken);
  std::vector<unit> take_all_units();
  void count(const std::vector<unit>& units, const std::vector<outcome>& outcomes);
  outcome execute(const std::vector<sql::command>& commands);
  void deliver(std::vector<unit> units, std::vector<outcome> outcomes);
  void run_control(const sql::statement& text);
  void ensure_open();
  void recover(const engine_error& error);
  void limit_log();

  const options settings_;

  // The following are used by the writer thread alone, until it has ended.

  // Null after a failure, until the database can be opened again.
  std::unique_ptr<connection> connection_;
  checkpointer checkpointer_;
  commit_pace pace_;
  // How long the batch under way has waited for more units.
  commit_pace::duration waited_{};
  bool is_failing_ = false;
  bool job_was_last_ = false;

  // The following are guarded by mutex_.

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<unit> units_;
  std::deque<exclusive_job> jobs_;
  bool is_closing_ = false;
  sql::statistics counts_;

  // Declared last, because the thread uses all of the above.
  std::thread thread_;
};

}  // namespace cruddur::sqlite
