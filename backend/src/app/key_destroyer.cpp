#include "app/key_destroyer.hpp"

#include <algorithm>
#include <utility>

namespace cruddur {
namespace {

constexpr std::size_t batch = 1000;

}  // namespace

task<bool> key_destroyer::run() {
  auto done = co_await destroy_ended();
  if (done) done = co_await destroy_unused();
  const bool failed_before = std::exchange(failing_, !done);
  if (!done && !failed_before) hooks_.on_fault(done.error());
  co_return done.has_value();
}

task<result<>> key_destroyer::destroy_ended() {
  for (bool more = true; more;) {
    const auto ended = co_await ended_.oldest(batch);
    if (!ended) co_return std::unexpected(ended.error());
    remember(*ended);
    if (ended->empty()) co_return result<>{};
    std::vector<key_slot> slots;
    for (const ended_key& each : *ended) slots.push_back(each.slot);
    auto done = co_await keys_.destroy(slots);
    if (!done) co_return done;
    done = co_await ended_.forget(std::move(slots));
    if (!done) co_return done;
    std::vector<std::chrono::milliseconds> lags;
    const time_point now = clock_.now();
    for (const ended_key& each : *ended) {
      lags.push_back(
          std::max(std::chrono::milliseconds{now - each.ended_at}, std::chrono::milliseconds{0}));
    }
    hooks_.on_destroyed(lags);
    more = ended->size() == batch;
  }
  remember({});
  co_return result<>{};
}

void key_destroyer::remember(const std::vector<ended_key>& ended) {
  oldest_.store(ended.empty() ? 0 : to_unix_ms(ended.front().ended_at), std::memory_order_relaxed);
  waiting_.store(ended.size(), std::memory_order_relaxed);
}

task<result<>> key_destroyer::destroy_unused() {
  for (const key_slot each : hooks_.unused()) unused_.push_back(each);
  std::vector<key_slot> doubtful = hooks_.doubtful();
  if (!doubtful.empty()) {
    const auto used = co_await ended_.in_use(doubtful);
    if (!used) {
      hooks_.doubt_again(doubtful);
      co_return std::unexpected(used.error());
    }
    for (const key_slot each : doubtful) {
      if (std::ranges::find(*used, each) == used->end()) unused_.push_back(each);
    }
  }
  while (!unused_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(unused_.size(), batch));
    const auto done =
        co_await keys_.destroy(std::vector<key_slot>(unused_.end() - count, unused_.end()));
    if (!done) co_return done;
    unused_.erase(unused_.end() - count, unused_.end());
  }
  co_return result<>{};
}

std::optional<std::chrono::milliseconds> key_destroyer::backlog() const {
  const auto oldest = oldest_.load(std::memory_order_relaxed);
  if (oldest == 0) return std::nullopt;
  return std::max(std::chrono::milliseconds{clock_.now() - from_unix_ms(oldest)},
                  std::chrono::milliseconds{0});
}

}  // namespace cruddur
