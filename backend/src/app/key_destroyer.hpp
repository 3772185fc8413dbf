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
#include <vector>

#include "ports/content_keys.hpp"
#include "ports/ended_keys.hpp"

namespace cruddur {

class key_destroyer {
 public:
  struct hooks {
    // Keys that were taken for contents which were not stored.
    std::function<std::vector<key_slot>()> unused;
    // Keys of which that is not known; they are looked up, and given back when that fails.
    std::function<std::vector<key_slot>()> doubtful;
    std::function<void(const std::vector<key_slot>&)> doubt_again;
    // How long after its content's end a key was destroyed.
    std::function<void(std::chrono::milliseconds lag, std::size_t keys)> on_destroyed;
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

 private:
  task<result<>> destroy_ended();
  task<result<>> destroy_unused();

  content_keys& keys_;
  ended_keys& ended_;
  const clock& clock_;
  hooks hooks_;
  std::vector<key_slot> unused_;
  // Unix milliseconds; 0 for none.
  std::atomic<std::int64_t> oldest_{0};
  bool failing_ = false;
};

}  // namespace cruddur
