#include "user_pool/session_monitor.hpp"

#include <limits>

namespace cruddur::user_pool {
namespace {

constexpr std::size_t read_limit = 1'000;  // revocations in one reading

}  // namespace

session_monitor::session_monitor(std::shared_ptr<session_store> store,
                                 std::shared_ptr<const clock> time, options settings)
    : store_{std::move(store)}, time_{std::move(time)}, settings_{std::move(settings)} {}

std::int64_t session_monitor::steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

session_state session_monitor::state(const uuid& session) const {
  if (held_.load(std::memory_order_acquire) > 0) {
    const std::shared_lock lock{mutex_};
    if (revoked_.contains(session)) return session_state::revoked;
  }
  const std::int64_t until = known_until_.load(std::memory_order_acquire);
  if (until == std::numeric_limits<std::int64_t>::max()) return session_state::trusted;
  return steady_ms() < until ? session_state::trusted : session_state::unknown;
}

task<result<bool>> session_monitor::is_alive(uuid session) {
  const auto found = co_await store_->find(session, time_->now());
  if (!found) co_return std::unexpected(found.error());
  co_return found->has_value();
}

task<> session_monitor::revoked() {
  const bool anything = co_await read_on();
  if (anything && settings_.on_revoked) settings_.on_revoked();
}

task<> session_monitor::poll() {
  co_await read_on();
}

task<bool> session_monitor::read_on() {
  const std::int64_t asked_at = steady_ms();
  std::uint64_t suspicions = 0;
  {
    const std::shared_lock lock{mutex_};
    suspicions = suspicions_;
  }
  bool anything = false;
  for (bool more = true; more;) {
    std::int64_t since = 0;
    {
      const std::shared_lock lock{mutex_};
      since = version_;
    }
    auto read = co_await store_->revoked_since(since, time_->now(), read_limit);
    if (read && read->version < since) {
      since = 0;
      read = co_await store_->revoked_since(0, time_->now(), read_limit);
    }
    if (!read) {
      suspect();
      co_return anything;
    }
    anything = add(*read, since == 0) || anything;
    more = read->more && !overflowed();
    if (settings_.on_sessions && !read->sessions.empty()) settings_.on_sessions(read->sessions);
  }
  trust(asked_at, suspicions);
  co_return anything;
}

void session_monitor::suspect() {
  const std::unique_lock lock{mutex_};
  ++suspicions_;
  known_until_.store(0, std::memory_order_release);
}

// A reading that was under way when suspect() was called is no ground for trust: it may have passed
// the place of what was revoked meanwhile.
void session_monitor::trust(std::int64_t asked_at, std::uint64_t suspicions) {
  const std::unique_lock lock{mutex_};
  if (suspicions_ != suspicions) return;
  const bool endless = settings_.good_for == std::chrono::milliseconds::max();
  known_until_.store(overflowed_ ? 0
                     : endless   ? std::numeric_limits<std::int64_t>::max()
                                 : asked_at + settings_.good_for.count(),
                     std::memory_order_release);
}

bool session_monitor::add(const revocations& read, bool is_from_start) {
  const time_point now = time_->now();
  const std::unique_lock lock{mutex_};
  const bool anything = read.version != version_;
  // Readings of several loops may come in any order; each holds all after the number it asked with.
  version_ = is_from_start ? read.version : std::max(version_, read.version);
  if (revoked_.size() + read.sessions.size() > settings_.max_sessions) forget_overdue(now);
  overflowed_ = revoked_.size() + read.sessions.size() > settings_.max_sessions;
  if (overflowed_) {
    version_ = 0;  // what was left out is read the next time
  } else {
    for (const uuid& each : read.sessions) revoked_[each] = now + revocation_memory;
  }
  held_.store(revoked_.size(), std::memory_order_release);
  return anything;
}

bool session_monitor::overflowed() const {
  const std::shared_lock lock{mutex_};
  return overflowed_;
}

void session_monitor::forget_overdue(time_point now) {
  std::erase_if(revoked_, [now](const auto& each) { return each.second <= now; });
}

}  // namespace cruddur::user_pool
