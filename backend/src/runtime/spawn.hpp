// Starts coroutines that nobody waits for. Whatever ends one of them is heard.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"

namespace cruddur::runtime {

// Hears what an exception says. Called on the loop of the coroutine.
using error_hook = std::function<void(std::string_view reason)>;

// What an exception says; "an unknown exception" for one that is no std::exception.
std::string reason_of(const std::exception_ptr& error);

// Runs the task on the executor. An exception that it lets out goes to `on_error`; without a hook,
// or when the hook throws, it leaves the loop's run(), where event_loops hears it. The task owns
// what it uses, or what it uses outlives the executor's loop.
void spawn(const boost::asio::any_io_executor& executor, task<> work, error_hook on_error);

// The pauses before another attempt: each twice the one before.
struct back_off {
  std::chrono::milliseconds first{50};
  std::chrono::milliseconds longest{5'000};
};

// As spawn(), for work that must not end by accident: after an exception `on_error` hears of it and
// the work begins again after a pause. Ends when the work returns. What `on_error` throws is
// dropped, for the work has to go on.
void spawn_lasting(const boost::asio::any_io_executor& executor, std::function<task<>()> work,
                   error_hook on_error, back_off pauses = {});

}  // namespace cruddur::runtime
