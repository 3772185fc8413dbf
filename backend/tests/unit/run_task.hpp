// Runs a coroutine to its end in a test, and fails the test when it never finishes.
#pragma once

#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/task.hpp"

namespace cruddur::tests {

template <class T>
T run_task(task<T> work) {
  // One for all tests: as in the program, it outlives the threads that post to it.
  static boost::asio::io_context& loop = *new boost::asio::io_context;
  loop.restart();
  std::optional<T> out;
  std::exception_ptr thrown;
  boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, T value) {
    thrown = error;
    out = std::move(value);
  });
  loop.run();
  if (thrown) std::rethrow_exception(thrown);
  if (!out) throw std::logic_error("the coroutine never finished");
  return std::move(*out);
}

}  // namespace cruddur::tests
