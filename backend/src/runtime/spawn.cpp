#include "runtime/spawn.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cruddur::runtime {
namespace {

namespace asio = boost::asio;

void tell(const error_hook& hook, const std::exception_ptr& error) {
  try {
    if (hook) hook(reason_of(error));
  } catch (...) {
    // A log that fails must not end what it reports on; there is nobody left to tell.
  }
}

task<> keep_running(std::function<task<>()> work, error_hook on_error, back_off pauses) {
  const auto executor = co_await asio::this_coro::executor;
  auto pause = pauses.first;
  while (true) {
    const auto begun = std::chrono::steady_clock::now();
    try {
      co_await work();
      co_return;
    } catch (...) {
      tell(on_error, std::current_exception());
    }
    if (std::chrono::steady_clock::now() - begun > pauses.longest) pause = pauses.first;
    asio::steady_timer timer{executor, pause};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    pause = std::min(pause * 2, pauses.longest);
  }
}

}  // namespace

std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "an unknown exception";
  }
}

void spawn(const asio::any_io_executor& executor, task<> work, error_hook on_error) {
  asio::co_spawn(executor, std::move(work),
                 [on_error = std::move(on_error)](const std::exception_ptr& error) {
                   if (!error) return;
                   if (!on_error) std::rethrow_exception(error);
                   on_error(reason_of(error));
                 });
}

void spawn_lasting(const asio::any_io_executor& executor, std::function<task<>()> work,
                   error_hook on_error, back_off pauses) {
  spawn(executor, keep_running(std::move(work), on_error, pauses), on_error);
}

}  // namespace cruddur::runtime
