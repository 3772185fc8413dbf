#include "main/overdue_ends.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cruddur {
namespace {

using steady_clock = std::chrono::steady_clock;

constexpr std::chrono::seconds tell_every{2};
constexpr std::chrono::seconds leave_to_peer_after{5};
constexpr std::chrono::milliseconds peer_pause{100};

// Keys are destroyed between the batches, so that a start that is cut short has got somewhere.
task<bool> sweep(expiry_sweeper& sweeper, key_destroyer& destroyer) {
  const std::function<task<>()> end_keys = [&destroyer]() -> task<> { co_await destroyer.run(); };
  co_return co_await sweeper.catch_up(end_keys);
}

task<> carry_out(expiry_sweeper& sweeper, key_destroyer& destroyer, user_pool::user_pool* pool) {
  const auto patience_ends = steady_clock::now() + leave_to_peer_after;
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  bool swept = co_await sweep(sweeper, destroyer);
  while (swept && sweeper.is_elsewhere() && steady_clock::now() < patience_ends) {
    timer.expires_after(peer_pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
    swept = co_await sweep(sweeper, destroyer);
  }
  co_await destroyer.run();
  if (pool != nullptr) co_await pool->sweep();
}

}  // namespace

void carry_out_overdue_ends(process& process, use_cases& use_cases, identity& identity) {
  const auto tell = [&process](std::string_view sentence) {
    process.log.write(
        log_level::info, sentence,
        {{"posts", static_cast<std::int64_t>(process.counts.expired)},
         {"keys_destroyed", static_cast<std::int64_t>(process.counts.destroyed_keys)}});
  };
  auto ended = boost::asio::co_spawn(
      process.loops.loop(0),
      carry_out(*use_cases.sweeper, *use_cases.key_destroyer, identity.pool.get()),
      boost::asio::use_future);
  while (ended.wait_for(tell_every) != std::future_status::ready) {
    tell("ending what should have ended while no server ran");
  }
  ended.get();
  if (use_cases.sweeper->is_elsewhere()) {
    tell("another server goes on ending what should have ended while this one did not run");
  } else if (process.counts.expired + process.counts.destroyed_keys > 0) {
    tell("what should have ended while no server ran is gone");
  }
}

}  // namespace cruddur
