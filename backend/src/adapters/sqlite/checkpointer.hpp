// Copies the write-ahead log into the database file on a thread of its own, so that commits don't
// wait for it.
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
  checkpointer(std::filesystem::path database, std::function<void(const std::string&)> on_error);
  ~checkpointer();  // as close()

  // Starts a round unless one is under way.
  void start_round();

  // True once after each round: little is left to copy, so the writer can do it between commits and
  // the log starts again at its beginning.
  bool finished_round() { return finished_.exchange(false); }

  void close();

 private:
  void run();

  const std::filesystem::path database_;
  const std::function<void(const std::string&)> on_error_;
  std::atomic<bool> finished_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false;
  bool closing_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace cruddur::sqlite
