// Copies the write-ahead log into the database file on a thread of its own, so that commits don't
// wait for the copying.
//
// - The writer starts a round after a commit that left a long log. The checkpointer copies in
//   several passes over a connection of its own (SQLite's passive checkpoint, which waits for
//   nobody); commits go on meanwhile, so each pass has less to copy than the one before.
// - SQLite starts the log again at its beginning only when all of it is copied and a commit comes
//   next. Only the writer can bring that about, between two commits: after each round it asks
//   finished_round() and copies the little that is left.
// - A failed round loses nothing, because the log stays as it is; the writer starts another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace cruddur::sqlite {

class checkpointer {
 public:
  // `on_error` gets a sentence for the log when a round fails and the one before did not, on the
  // checkpointer's thread. It may be empty.
  checkpointer(std::filesystem::path database, std::function<void(const std::string&)> on_error);

  // As close().
  ~checkpointer();

  // Starts a round unless one is under way.
  void start_round();

  // True once after each round that succeeded: the writer should now copy what is left.
  bool finished_round() { return finished_.exchange(false); }

  // Waits for the round under way and ends the thread.
  void close();

 private:
  void run();

  const std::filesystem::path database_;
  const std::function<void(const std::string&)> on_error_;
  std::atomic<bool> finished_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_wanted_ = false;
  bool is_closing_ = false;

  // Declared last, because the thread uses all of the above.
  std::thread thread_;
};

}  // namespace cruddur::sqlite
