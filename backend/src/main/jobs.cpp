#include "main/jobs.hpp"

namespace cruddur {
namespace {

using std::chrono::milliseconds;

// At least once a second, whatever was said of the next expiry: clocks drift and authors delete. A
// sweep that finds nothing costs one look into an index.
constexpr milliseconds longest_sweep_pause{1'000};
constexpr milliseconds pause_after_failed_sweep{5'000};
constexpr milliseconds feed_pause{250};
constexpr milliseconds shared_feed_age{30'000};  // until a feed that others change is read anew
constexpr milliseconds revocations_pause{700};
constexpr std::chrono::minutes pool_sweep_pause{5};

runtime::scheduler::job sweep_job(expiry_sweeper& sweeper) {
  return [&sweeper]() -> task<milliseconds> {
    if (!co_await sweeper.sweep()) co_return pause_after_failed_sweep;
    co_return co_await sweeper.time_to_next(longest_sweep_pause);
  };
}

// Loads the feed whenever it holds too little. Where peers change posts too, it is loaded only
// while they are heard, and anew from time to time.
runtime::scheduler::job feed_job(use_cases& use_cases, const clock& clock) {
  return [&feed = *use_cases.feed, peers = use_cases.peers.get(), &clock,
          loaded_at = time_point{}]() mutable -> task<milliseconds> {
    const time_point now = clock.now();
    const bool hears_all = peers == nullptr || peers->is_connected();
    const bool is_old = peers != nullptr && now - loaded_at >= shared_feed_age;
    if (hears_all && (is_old || feed.wants_load())) {
      if (co_await feed.load(now)) loaded_at = now;
    }
    co_return feed_pause;
  };
}

}  // namespace

void add_jobs(runtime::scheduler& scheduler, process& process, use_cases& use_cases,
              identity& identity) {
  scheduler.add("expiry sweep", milliseconds{0}, sweep_job(*use_cases.sweeper));
  scheduler.add("home feed", milliseconds{0}, feed_job(use_cases, *process.clock));
  if (!identity.pool) return;
  scheduler.add_periodic("user pool sweep", pool_sweep_pause,
                         [&pool = *identity.pool] { return pool.sweep(); });
  if (!use_cases.peers) return;
  scheduler.add_periodic("revoked sessions", revocations_pause,
                         [&sessions = *identity.sessions] { return sessions.poll(); });
}

}  // namespace cruddur
