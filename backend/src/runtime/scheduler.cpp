#include "runtime/scheduler.hpp"

#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "runtime/spawn.hpp"

namespace cruddur::runtime {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// Kept by each job's coroutine, so that a scheduler may go before the loop does. All but `loop`,
// `on_error` and `pause_after_error` is touched on the loop only.
struct scheduler::state {
  asio::any_io_executor loop;
  error_hook on_error;
  milliseconds pause_after_error;
  bool stopped = false;
  std::vector<std::shared_ptr<asio::steady_timer>> timers = {};  // one for each job

  void report(std::string_view name, std::string_view reason) const noexcept {
    try {
      if (on_error) on_error(name, reason);
    } catch (...) {
      // A log that fails must not end the work that it reports on.
    }
  }

  static task<> repeat(std::shared_ptr<state> self, std::string name, milliseconds pause,
                       job work) {
    const auto timer = std::make_shared<asio::steady_timer>(self->loop);
    self->timers.push_back(timer);
    while (!self->stopped) {
      timer->expires_after(pause);
      co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
      if (self->stopped) break;
      pause = self->pause_after_error;
      try {
        pause = co_await work();
      } catch (...) {
        self->report(name, reason_of(std::current_exception()));
      }
    }
  }
};

scheduler::scheduler(asio::any_io_executor loop, error_hook on_error,
                     milliseconds pause_after_error)
    : state_{std::make_shared<state>(std::move(loop), std::move(on_error), pause_after_error)} {}

scheduler::~scheduler() {
  stop();
}

void scheduler::add(std::string name, milliseconds first_pause, job work) {
  const auto on_error = [self = state_, name](std::string_view reason) {
    self->report(name, reason);
  };
  spawn(state_->loop, state::repeat(state_, name, first_pause, std::move(work)), on_error);
}

void scheduler::add_periodic(std::string name, milliseconds pause, std::function<task<>()> work) {
  add(std::move(name), pause, [pause, work = std::move(work)]() -> task<milliseconds> {
    co_await work();
    co_return pause;
  });
}

void scheduler::stop() {
  asio::post(state_->loop, [self = state_] {
    self->stopped = true;
    for (const auto& timer : self->timers) timer->cancel();
    self->timers.clear();
  });
}

}  // namespace cruddur::runtime
