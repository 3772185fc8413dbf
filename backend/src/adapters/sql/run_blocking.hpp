// For programs and tools that have no event loop of their own.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/task.hpp"

namespace cruddur::sql {

// Runs the task on the calling thread until it is done. Never call it on an event loop. Throws what
// the task throws, and std::logic_error when it can never finish.
template <class T>
T run_blocking(task<T> work) {
  boost::asio::io_context loop{1};
  std::optional<T> value;
  std::exception_ptr error;
  boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr thrown, T got) {
    error = thrown;
    value.emplace(std::move(got));
  });
  loop.run();
  if (error) std::rethrow_exception(error);
  if (!value) throw std::logic_error("a task ended without finishing");
  return std::move(*value);
}

}  // namespace cruddur::sql
