// Tells other server processes on the same database that something changed. Only a hint to look:
// the rows are the truth.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cruddur::sql {

class doorbell {
 public:
  virtual ~doorbell() = default;

  struct listener {
    // Something rang: `message` as it was given to ring() by another process. On an unspecified
    // thread.
    std::function<void(std::string_view message)> on_ring;
    // Listening began (again): whatever came before may have been missed. On an unspecified thread.
    std::function<void()> on_connect;
    // Listening stopped: nothing will be heard until on_connect.
    std::function<void()> on_disconnect;
  };

  // Starts listening; call once.
  virtual void listen(listener to) = 0;

  // Rings for all other processes; returns at once, never fails, may coalesce equal messages, may
  // be lost in a crash. At most 60 bytes of printable ASCII without a comma.
  virtual void ring(std::string message) = 0;

  virtual void close() = 0;
};

}  // namespace cruddur::sql
