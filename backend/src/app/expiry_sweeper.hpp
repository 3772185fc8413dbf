// Deletes what has expired: at the moment the next post expires, in bounded batches, and then makes
// sure that its text can't be read from the database's files either.
#pragma once

#include <chrono>
#include <functional>

#include "app/activity_event.hpp"
#include "ports/retention.hpp"

namespace cruddur {

class expiry_sweeper {
 public:
  struct hooks {
    // How late a post's row was deleted.
    std::function<void(std::chrono::milliseconds lag)> on_expired;
    // The store failed, and had not failed at the sweep before.
    std::function<void(const fault&)> on_fault;
    // At most once in this time the store is asked to purge.
    std::chrono::milliseconds purge_every{0};
    // Waits between two batches, so that others get to write; empty: doesn't wait.
    std::function<task<>(std::chrono::milliseconds)> rest = {};
  };

  expiry_sweeper(retention& retention, activity_observer& observer, const clock& clock, hooks hooks)
      : retention_{retention}, observer_{observer}, clock_{clock}, hooks_{std::move(hooks)} {}

  // Sweeps all that has expired by now, and purges what anybody has deleted.
  // Call it from one place at a time. False when the store failed: try again later.
  task<bool> sweep();

  // As sweep(), at the full pace and without the purge: for the start, when nobody else wants to
  // write. `between` runs after each batch.
  task<bool> catch_up(std::function<task<>()> between);

  // Another server was sweeping the last time, so nothing was deleted here.
  bool is_elsewhere() const { return elsewhere_; }

  // How long to sleep before the next sweep: until the next expiry, at most `longest`.
  task<std::chrono::milliseconds> time_to_next(std::chrono::milliseconds longest);

 private:
  // Called after a batch that is not the last, with the moment when it began.
  using pause = std::function<task<>(std::chrono::steady_clock::time_point)>;

  task<result<>> delete_all(time_point now, pause rest);
  task<result<>> clear_removed(time_point now, pause rest);
  task<result<>> delete_expired(time_point now, pause rest);
  task<> rest(std::chrono::steady_clock::time_point start);
  task<result<>> tidy_up(time_point now);
  bool told(const result<>& done);

  retention& retention_;
  activity_observer& observer_;
  const clock& clock_;
  hooks hooks_;
  // The last purge is to be tried again.
  bool purge_waits_ = false;
  time_point forgotten_at_{};
  time_point purged_at_{};
  bool failing_ = false;
  // Another server swept last time.
  bool elsewhere_ = false;
};

}  // namespace cruddur
