// Tells token verifiers of revoked sessions: at once in this process, within the caller's polling
// period for those that other processes revoked.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "ports/session_store.hpp"
#include "ports/session_watch.hpp"

namespace cruddur::user_pool {

class session_monitor : public session_watch {
 public:
  // `on_revoked` runs after each revocation by this process, on its event loop: there a server
  // rings the others. May be empty.
  session_monitor(std::shared_ptr<session_store> store, std::shared_ptr<const clock> time,
                  std::function<void()> on_revoked);

  std::uint64_t epoch() const noexcept override { return epoch_.load(std::memory_order_acquire); }
  task<result<bool>> is_alive(uuid session) override;

  // This process has revoked something, and the store knows.
  void revoked();

  // Something may have been revoked elsewhere: every verifier asks again before it trusts a token
  // that it has seen.
  void suspect() { epoch_.fetch_add(1, std::memory_order_acq_rel); }

  // Looks into the store whether anything was revoked; a store that does not answer counts as yes.
  // Where processes share a store, run it at least once a second.
  task<> poll();

 private:
  std::shared_ptr<session_store> store_;
  std::shared_ptr<const clock> time_;
  std::function<void()> on_revoked_;
  std::atomic<std::uint64_t> epoch_{1};
  std::atomic<std::int64_t> seen_{-1};
};

}  // namespace cruddur::user_pool
