// Destroys the keys of contents that have ended. This is what makes an end hold: the sealed bytes
// may lie in logs, replicas and backups, and nobody can read them any more.
//
// A transaction that ends a content writes the key's slot into the list of ended keys. Here they
// are taken off it in batches: destroyed, then forgotten. A crash in between destroys them again,
// which changes nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ports/content_keys.hpp"
#include "ports/ended_keys.hpp"

namespace cruddur {

class key_destroyer {
 public:
  // A key that has waited for longer is late: something is wrong with one of the stores.
  static constexpr std::chrono::seconds patience{60};

  struct hooks {
    // Keys that were taken for contents which were not stored.
    std::function<std::vector<key_slot>()> unused;
    // Keys of which that is not known; they are looked up, and given back when that fails.
    std::function<std::vector<key_slot>()> doubtful;
    std::function<void(const std::vector<key_slot>&)> doubt_again;
    // Keys were destroyed: how long after its content's end each was.
    std::function<void(std::span<const std::chrono::milliseconds> lags)> on_destroyed;
    // Either store failed, and had not failed the time before.
    std::function<void(const fault&)> on_fault;
  };

  // All outlive it.
  key_destroyer(content_keys& keys, ended_keys& ended, const clock& clock, hooks hooks)
      : keys_{keys}, ended_{ended}, clock_{clock}, hooks_{std::move(hooks)} {}

  // Destroys all that have ended by now. Call it from one place at a time. False when a store
  // failed: try again later.
  task<bool> run();

  // For how long the first of those that are not destroyed has ended, as far as is known; nothing
  // when there are none. Any thread.
  std::optional<std::chrono::milliseconds> backlog() const;
  bool is_late() const { return backlog() > patience; }
  // How many they are, as far as is known and counted up to 1,000. Any thread.
  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

 private:
  void remember(const std::vector<ended_key>& ended);
  task<result<>> destroy_ended();
  task<result<>> destroy_unused();

  content_keys& keys_;
  ended_keys& ended_;
  const clock& clock_;
  hooks hooks_;
  std::vector<key_slot> unused_;
  // Unix milliseconds; 0 for none.
  std::atomic<std::int64_t> oldest_{0};
  std::atomic<std::size_t> waiting_{0};
  bool failing_ = false;
};

}  // namespace cruddur
