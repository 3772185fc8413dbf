// Tells other server processes on the same database that something changed. Only a hint to look:
// the rows are the truth.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cruddur {

class notifier {
 public:
  virtual ~notifier() = default;

  // All are called on an unspecified thread.
  struct listener {
    // Another process gave `message` to publish().
    std::function<void(std::string_view message)> on_message;
    // Listening began (again): whatever came before may have been missed.
    std::function<void()> on_connect;
    // Listening stopped: nothing will be heard until on_connect.
    std::function<void()> on_disconnect;
  };

  // Starts listening; call once.
  virtual void listen(listener listener) = 0;

  // Tells all other processes; returns at once, never fails, may coalesce equal messages, may be
  // lost in a crash. At most 60 bytes of printable ASCII without a comma.
  virtual void publish(std::string message) = 0;

  virtual void close() = 0;
};

}  // namespace cruddur
