// For programs and tools that have no event loop of their own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/use_future.hpp>

#include "base/task.hpp"

namespace cruddur::sql {

// Runs the task on a thread that Asio keeps for the whole program, and waits for it. Never call it
// on an event loop. Throws what the task throws.
template <class T>
T run_blocking(task<T> work) {
  namespace asio = boost::asio;
  return asio::co_spawn(asio::any_io_executor{asio::make_strand(asio::system_executor{})},
                        std::move(work), asio::use_future)
      .get();
}

}  // namespace cruddur::sql
