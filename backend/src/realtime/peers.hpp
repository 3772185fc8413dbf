// The other server processes on the same database: what servers tell each other, and who hears it.
//
// A message is only a hint to look, sent by the database's notifier: the rows are the truth. While
// the notifier's connection is down, hints are lost; so each subscriber hears when that begins,
// trusts nothing that another process may have changed, and looks anew when it is over.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/uuid.hpp"
#include "ports/notifier.hpp"

namespace cruddur::realtime {

// Made, counted or removed.
struct activity_changed {
  uuid id;
};
// What this reader likes.
struct viewer_changed {
  uuid id;
};
struct author_removed {
  uuid id;
};
struct sessions_revoked {};

using peer_message =
    std::variant<activity_changed, viewer_changed, author_removed, sessions_revoked>;

// A letter, and for all but sessions_revoked ':' and a uuid.
std::string to_text(const peer_message& message);

// Nothing for text that is no message, or one of a newer version.
std::optional<peer_message> parse_peer_message(std::string_view text);

class peers {
 public:
  // Each may be empty. All are called on an unspecified thread.
  struct subscriber {
    std::function<void(const peer_message& message)> on_message;
    std::function<void()> on_connect;  // messages sent before may have been missed
    std::function<void()> on_disconnect;
  };

  // The notifier outlives it.
  explicit peers(cruddur::notifier& notifier) : notifier_{notifier} {}

  // Before start().
  void subscribe(subscriber added) { subscribers_.push_back(std::move(added)); }

  // Begins to listen; once. What the subscribers use outlives the notifier's connection.
  void start();

  // Tells all others; returns at once and never fails. Any thread.
  void publish(const peer_message& message) { notifier_.publish(to_text(message)); }

  // Whether what the others do is heard. Any thread.
  bool is_connected() const { return connected_.load(std::memory_order_acquire); }

 private:
  cruddur::notifier& notifier_;
  std::vector<subscriber> subscribers_;
  std::atomic<bool> connected_{false};
};

}  // namespace cruddur::realtime
