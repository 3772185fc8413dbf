// Keeps in memory which sessions were revoked, by whichever process, so that a request with a token
// that was found good before costs no question to the store.
//
// The store numbers revocations in the order of their commits. The monitor has read all up to a
// number and asks for those after it: when this process has revoked something, when a peer says
// that it has, and at each poll. A number that is lower than the one read before means another
// database (a restore): then all are read anew. A session is `unknown` while what was read may be
// old, or while there are more revocations than the monitor holds; whoever asks then goes to the
// store. So it fails closed: what the monitor does not know is never taken for trust.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "ports/session_store.hpp"
#include "ports/session_watch.hpp"

namespace cruddur::user_pool {

class session_monitor : public session_watch {
 public:
  struct options {
    // For how long a reading is trusted. A store of this process alone needs no limit.
    std::chrono::milliseconds good_for = std::chrono::milliseconds::max();
    std::size_t max_sessions = 100'000;  // held at once, some 8 MiB
    // Runs after a revocation by this process, on its event loop: a server tells its peers there.
    std::function<void()> on_revoked;
    // Gets the sessions that were revoked since the last time, on an event loop.
    std::function<void(const std::vector<uuid>&)> on_sessions;
  };

  session_monitor(std::shared_ptr<session_store> store, std::shared_ptr<const clock> time,
                  options settings);

  session_state state(const uuid& session) const override;
  task<result<bool>> is_alive(uuid session) override;

  // Call it when this process may have revoked something, after the store has it. Reads on, and
  // runs on_revoked unless there was nothing new. When the store does not answer, all sessions are
  // unknown until it does.
  task<> revoked();

  // Call it when something may have been revoked elsewhere: nothing is trusted until a poll() that
  // began after this call has ended.
  void suspect();

  // Reads what was revoked since the last time. Before the first one all sessions are unknown.
  // Where processes share a store, run it at least once a second.
  task<> poll();

 private:
  task<bool> read_on();  // whether anything new was read
  bool add(const revocations& read, bool is_from_start);
  void forget_overdue(time_point now);
  bool overflowed() const;
  void trust(std::int64_t asked_at, std::uint64_t suspicions);
  static std::int64_t steady_ms();

  std::shared_ptr<session_store> store_;
  std::shared_ptr<const clock> time_;
  options settings_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<uuid, time_point> revoked_;  // until when to remember each
  std::int64_t version_ = 0;                      // all up to it have been read
  bool overflowed_ = false;
  std::uint64_t suspicions_ = 0;
  std::atomic<std::size_t> held_{0};
  std::atomic<std::int64_t> known_until_{0};  // on the steady clock, in ms
};

}  // namespace cruddur::user_pool
