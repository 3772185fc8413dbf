#include "main/background.hpp"

#include <functional>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "runtime/spawn.hpp"

namespace cruddur {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// A sweep that deletes nothing costs an indexed look, so clocks may drift and authors may delete:
// look every second.
constexpr milliseconds longest_sleep{1'000};
constexpr milliseconds pause_after_failure{5'000};
constexpr milliseconds look_at_feed{250};
constexpr milliseconds reconcile_feed{30'000};

task<> sleep_for(milliseconds how_long) {
  asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
  co_await timer.async_wait(asio::use_awaitable);
}

task<> repeat(std::function<task<milliseconds>()> round) {
  for (;;) co_await sleep_for(co_await round());
}

// An exception ends the round, not the work.
void run_forever(asio::io_context& loop, const std::function<task<milliseconds>()>& round,
                 logger& log) {
  runtime::spawn_lasting(
      loop.get_executor(), [round] { return repeat(round); },
      [&log](std::string_view reason) {
        log.write(log_level::error, "background work failed", {{"error", reason}});
      },
      {.first = longest_sleep, .longest = pause_after_failure});
}

}  // namespace

void run_sweeper(asio::io_context& loop, expiry_sweeper& sweeper, logger& log) {
  const auto round = [&sweeper]() -> task<milliseconds> {
    if (!co_await sweeper.sweep()) co_return pause_after_failure;
    co_return co_await sweeper.time_to_next(longest_sleep);
  };
  run_forever(loop, round, log);
}

void run_feed_loader(asio::io_context& loop, api::home_feed& feed, const clock& time,
                     std::function<bool()> may_answer, logger& log) {
  const auto round = [&feed, &time, may_answer = std::move(may_answer),
                      last = time_point{}]() mutable -> task<milliseconds> {
    const time_point now = time.now();
    const bool shared = static_cast<bool>(may_answer);
    const bool due = shared && now - last >= reconcile_feed;
    if ((!shared || may_answer()) && (due || feed.wants_load())) {
      if (co_await feed.load(now)) last = now;
    }
    co_return look_at_feed;
  };
  run_forever(loop, round, log);
}

}  // namespace cruddur
