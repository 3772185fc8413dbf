// Waits for the signals that end the program: the first SIGINT or SIGTERM asks for a graceful end,
// the second one ends the program at once with status 128 + its number.
#pragma once

#include <memory>

namespace cruddur::runtime {

class shutdown_signals {
 public:
  // From here on SIGINT and SIGTERM no longer kill the program. SIGPIPE is ignored for good.
  shutdown_signals();
  ~shutdown_signals();
  shutdown_signals(const shutdown_signals&) = delete;
  shutdown_signals& operator=(const shutdown_signals&) = delete;

  // Blocks until the first signal, and gives its number; 0 when request() was called instead.
  int wait();

  // Asks for the end from within the program. Thread-safe.
  void request();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::runtime
