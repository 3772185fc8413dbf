#include "app/expiry_sweeper.hpp"

#include <algorithm>
#include <utility>

namespace cruddur {
namespace {

constexpr std::size_t batch = 400;                       // roots in one transaction
constexpr std::size_t removal_batch = 1000;              // rows of each kind in one transaction
constexpr std::chrono::milliseconds shortest_rest{5};    // between two batches
constexpr std::chrono::milliseconds shortest_pause{75};  // between two sweeps
constexpr std::chrono::milliseconds purge_retry{200};    // when a reader still held the old pages
// How long a deep link says "expired" and not "never was".
constexpr std::chrono::days remember_gone{90};
constexpr std::chrono::hours forget_every{1};

}  // namespace

task<bool> expiry_sweeper::sweep() {
  const time_point now = clock_.now();
  const pause resting = [this](auto begun) { return rest(begun); };
  auto done = co_await delete_all(now, resting);
  if (done) done = co_await tidy_up(now);
  co_return told(done);
}

task<bool> expiry_sweeper::catch_up(std::function<task<>()> between) {
  const pause going_on = [between = std::move(between)](auto) { return between(); };
  const auto done = co_await delete_all(clock_.now(), going_on);
  co_return told(done);
}

// Whether it went well; the first of several failures is told.
bool expiry_sweeper::told(const result<>& done) {
  const bool failed_before = std::exchange(failing_, !done);
  if (!done && !failed_before) hooks_.on_fault(done.error());
  return done.has_value();
}

task<result<>> expiry_sweeper::delete_all(time_point now, pause rest) {
  auto done = co_await clear_removed(now, rest);
  if (done) done = co_await delete_expired(now, rest);
  co_return done;
}

// As long as the batch took: at most half of the time goes into sweeping, however much there is.
task<> expiry_sweeper::rest(std::chrono::steady_clock::time_point start) {
  if (!hooks_.rest) co_return;
  const auto took = std::chrono::steady_clock::now() - start;
  co_await hooks_.rest(
      std::max(shortest_rest, std::chrono::duration_cast<std::chrono::milliseconds>(took)));
}

task<result<>> expiry_sweeper::clear_removed(time_point now, pause rest) {
  for (bool more = true; more;) {
    const auto begun = std::chrono::steady_clock::now();
    const auto cleared = co_await retention_.clear_removed(now, removal_batch);
    if (!cleared) co_return std::unexpected(cleared.error());
    // The counts of what they liked have changed since their end was told.
    for (const uuid& each : cleared->people) observer_.on(author_removed{each});
    more = cleared->more;
    if (more) co_await rest(begun);
  }
  co_return result<>{};
}

task<result<>> expiry_sweeper::delete_expired(time_point now, pause rest) {
  for (bool more = true; more;) {
    const auto begun = std::chrono::steady_clock::now();
    const auto swept = co_await retention_.sweep(now, batch);
    if (!swept) co_return std::unexpected(swept.error());
    elsewhere_ = swept->elsewhere;
    for (const swept_activity& each : swept->roots) {
      observer_.on(activity_removed{each.id});
      hooks_.on_expired(std::max(std::chrono::milliseconds{0}, clock_.now() - each.expires_at));
    }
    more = swept->more;
    if (more) co_await rest(begun);
  }
  co_return result<>{};
}

task<result<>> expiry_sweeper::tidy_up(time_point now) {
  if (now - purged_at_ >= hooks_.purge_every) {
    const auto purged = co_await retention_.purge();
    purge_waits_ = !purged || !*purged;
    if (!purged) co_return std::unexpected(purged.error());
    if (*purged) purged_at_ = now;
  }
  if (now - forgotten_at_ >= forget_every) {
    const auto forgotten = co_await retention_.forget_gone(now - remember_gone);
    if (!forgotten) co_return forgotten;
    for (bool more = true; more;) {
      const auto keys = co_await retention_.forget_keys(now, batch);
      if (!keys) co_return std::unexpected(keys.error());
      more = *keys;
    }
    forgotten_at_ = now;
  }
  co_return result<>{};
}

task<std::chrono::milliseconds> expiry_sweeper::time_to_next(std::chrono::milliseconds longest) {
  if (purge_waits_) longest = std::min(longest, purge_retry);
  const auto next = co_await retention_.next_expiry();
  if (!next || !*next || elsewhere_) co_return longest;
  co_return std::clamp(std::chrono::milliseconds{**next - clock_.now()},
                       std::min(shortest_pause, longest), longest);
}

}  // namespace cruddur
