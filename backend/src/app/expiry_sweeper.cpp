#include "app/expiry_sweeper.hpp"

#include <algorithm>

namespace cruddur {
namespace {

constexpr std::size_t batch = 200;                     // roots in one transaction
constexpr std::chrono::milliseconds purge_retry{200};  // when a reader still held the old pages
constexpr std::chrono::days remember_gone{
    90};  // how long a deep link says "expired" and not "never was"
constexpr std::chrono::hours forget_every{1};

}  // namespace

task<> expiry_sweeper::sweep() {
  const time_point now = clock_.now();
  for (bool more = true; more;) {
    const auto swept = co_await store_.sweep(now, batch);
    if (!swept) {
      hooks_.on_fault(swept.error());
      co_return;
    }
    for (const swept_activity& each : swept->roots) {
      observer_.removed(each.id);
      hooks_.on_expired(std::max(std::chrono::milliseconds{0}, clock_.now() - each.expires_at));
    }
    if (!swept->roots.empty()) owe_purge();
    more = swept->more;
  }
  if (purge_owed_.exchange(false, std::memory_order_relaxed)) {
    const auto purged = co_await store_.purge();
    if (!purged) hooks_.on_fault(purged.error());
    if (!purged || !*purged) owe_purge();
  }
  if (now - forgotten_at_ >= forget_every) {
    forgotten_at_ = now;
    const auto forgotten = co_await store_.forget_gone(now - remember_gone);
    if (!forgotten) hooks_.on_fault(forgotten.error());
  }
}

task<std::chrono::milliseconds> expiry_sweeper::time_to_next(std::chrono::milliseconds longest) {
  if (purge_owed_.load(std::memory_order_relaxed)) longest = std::min(longest, purge_retry);
  const auto next = co_await store_.next_expiry();
  if (!next || !*next) co_return longest;
  co_return std::clamp(std::chrono::milliseconds{**next - clock_.now()},
                       std::chrono::milliseconds{1}, longest);
}

}  // namespace cruddur
