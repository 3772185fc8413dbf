// One single-threaded event loop per core. What lives on a loop is touched by that loop only, so it
// needs no locks.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

namespace cruddur::runtime {

class event_loops {
 public:
  // `count` ≥ 1. The threads start at once and run until stop(). `on_error` hears of an exception
  // that a callback let out (called on that loop, which goes on); without it such an exception ends
  // the program.
  explicit event_loops(std::size_t count, std::function<void(std::string_view)> on_error = {});
  ~event_loops();
  event_loops(const event_loops&) = delete;
  event_loops& operator=(const event_loops&) = delete;

  std::size_t size() const;
  boost::asio::io_context& loop(std::size_t index);
  std::vector<boost::asio::any_io_executor> executors();

  // Joins the threads, then drops what is still pending: suspended coroutines and what they own are
  // destroyed here, on the calling thread. So call it before destroying what they use, and from
  // outside the loops, once no other thread posts to them any more. What is posted afterwards never
  // runs. A second call does nothing.
  void stop();

  // After stop(): destroys what has been posted since. Whoever lets go of a coroutine that waited
  // for it, as a database does with its open requests when it is closed, only posts its end; so
  // call this after that, and before destroying what such coroutines use.
  void drop_pending();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::runtime
