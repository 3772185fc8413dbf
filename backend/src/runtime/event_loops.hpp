// One single-threaded event loop per core. What lives on a loop is touched by that loop only, so it
// needs no locks.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

namespace cruddur::runtime {

class event_loops {
 public:
  // `count` ≥ 1. The threads start at once and run until stop().
  explicit event_loops(std::size_t count);
  ~event_loops();
  event_loops(const event_loops&) = delete;
  event_loops& operator=(const event_loops&) = delete;

  std::size_t size() const;
  boost::asio::io_context& loop(std::size_t index);
  std::vector<boost::asio::any_io_executor> executors();

  // Drops what is still pending and joins the threads. Call it from outside the loops; a second
  // call does nothing.
  void stop();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::runtime
