// Waits for the signals that end the program: the first SIGINT or SIGTERM asks for a graceful end,
// the second one ends the program at once with status 128 + its number. SIGHUP never ends it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace cruddur::runtime {

class shutdown_signals {
 public:
  // From here on SIGINT, SIGTERM and SIGHUP no longer kill the program. SIGPIPE is ignored for
  // good. Until started() a signal gives the start this long to come to its end; then it ends the
  // program with status 128 + its number, as nothing that a start does is harmed by that.
  explicit shutdown_signals(std::chrono::milliseconds start_grace = std::chrono::milliseconds{700});
  ~shutdown_signals();
  shutdown_signals(const shutdown_signals&) = delete;
  shutdown_signals& operator=(const shutdown_signals&) = delete;

  // The start is over: whoever waits ends the program gracefully, however long that takes.
  void started();

  // Whether the end has been asked for. Thread-safe.
  bool asked() const;

  // Called at each SIGHUP, on a thread of its own, until release(). Without it SIGHUP is ignored.
  void on_hangup(std::function<void()> action);
  // Afterwards the action does not run any more.
  void release();

  // Blocks until the first signal, and gives its number; 0 when request() was called instead.
  int wait();

  // Asks for the end from within the program. Thread-safe.
  void request();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::runtime
