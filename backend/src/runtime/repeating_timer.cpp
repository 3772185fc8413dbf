#include "runtime/repeating_timer.hpp"

#include <atomic>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "runtime/spawn.hpp"

namespace cruddur::runtime {

namespace asio = boost::asio;

struct repeating_timer::state {
  asio::steady_timer timer;
  std::chrono::milliseconds period;
  std::function<task<>()> work;
  std::function<void(std::string_view)> on_error;
  std::atomic<bool> stopped = false;

  static task<> run(std::shared_ptr<state> self) {
    for (;;) {
      self->timer.expires_after(self->period);
      co_await self->timer.async_wait(asio::as_tuple(asio::use_awaitable));
      if (self->stopped) co_return;
      co_await self->work();
      if (self->stopped) co_return;
    }
  }
};

repeating_timer::repeating_timer(const asio::any_io_executor& loop,
                                 std::chrono::milliseconds period, std::function<task<>()> work,
                                 std::function<void(std::string_view)> on_error)
    : state_{std::make_shared<state>(asio::steady_timer{loop}, period, std::move(work),
                                     std::move(on_error))} {
  // An exception ends one run; the next comes a period after it.
  const auto run = [state = state_] { return state::run(state); };
  spawn_lasting(loop, run, state_->on_error,
                {.first = std::chrono::milliseconds{0}, .longest = std::chrono::milliseconds{0}});
}

repeating_timer::~repeating_timer() {
  state_->stopped = true;
  asio::post(state_->timer.get_executor(), [self = state_] { self->timer.cancel(); });
}

}  // namespace cruddur::runtime
