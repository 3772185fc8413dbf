// Runs a task again and again on one loop, with a pause between the end of one run and the start of
// the next.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"

namespace cruddur::runtime {

class repeating_timer {
 public:
  // The first run comes one `period` after the start. `work` owns what it uses, or what it uses
  // outlives the loop. An exception ends that run only, and `on_error` hears of it.
  repeating_timer(const boost::asio::any_io_executor& loop, std::chrono::milliseconds period,
                  std::function<task<>()> work, std::function<void(std::string_view)> on_error);
  ~repeating_timer();  // no further run begins; one under way goes on. Any thread.
  repeating_timer(const repeating_timer&) = delete;
  repeating_timer& operator=(const repeating_timer&) = delete;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace cruddur::runtime
