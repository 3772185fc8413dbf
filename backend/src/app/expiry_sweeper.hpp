// Deletes what has expired: at the moment the next post expires, in bounded batches, and then makes
// sure that its text can't be read from the database's files either.
#pragma once

#include <chrono>
#include <functional>

#include "app/activity_observer.hpp"
#include "ports/activity_store.hpp"

namespace cruddur {

// Hears of removals by authors too: they free text as well, which the next sweep purges.
class expiry_sweeper : public activity_observer {
 public:
  struct hooks {
    std::function<void(std::chrono::milliseconds lag)>
        on_expired;                              // how late a post's row was deleted
    std::function<void(const fault&)> on_fault;  // the first failure of a row of them
    std::chrono::milliseconds purge_every{0};    // purges are at least this far apart
    // Waits between two batches, so that others get to write; empty: doesn't wait.
    std::function<task<>(std::chrono::milliseconds)> rest = {};
  };

  expiry_sweeper(activity_store& store, activity_observer& observer, const clock& time, hooks to)
      : store_{store}, observer_{observer}, clock_{time}, hooks_{std::move(to)} {}

  // Sweeps all that has expired by now, and purges if it deleted anything (or if a purge is owed).
  // Call it from one place at a time. False when the store failed: try again later.
  task<bool> sweep();

  // How long to sleep before the next sweep: until the next expiry, at most `longest`.
  task<std::chrono::milliseconds> time_to_next(std::chrono::milliseconds longest);

  void posted(const activity&) override {}
  void counted(uuid, const activity_counts&) override {}
  void liked(uuid, uuid, bool, std::int64_t) override {}
  void removed(uuid) override { owe_purge(); }
  void author_removed(uuid) override { owe_purge(); }

 private:
  task<result<>> clear_removed(time_point now);
  task<result<>> delete_expired(time_point now);
  task<> rest(std::chrono::steady_clock::time_point since);
  task<result<>> tidy_up(time_point now);

  void owe_purge() { purge_owed_.store(true, std::memory_order_relaxed); }

  activity_store& store_;
  activity_observer& observer_;
  const clock& clock_;
  hooks hooks_;
  std::atomic<bool> purge_owed_{true};  // a crash may have left text behind
  time_point forgotten_at_{};
  time_point purged_at_{};
  bool failing_ = false;
  bool elsewhere_ = false;  // another server swept last time
};

}  // namespace cruddur
