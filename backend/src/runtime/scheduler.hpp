// The background work of one event loop: jobs that run again and again, each at its own pace.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"

namespace cruddur::runtime {

class scheduler {
 public:
  // One run of a job; gives the pause between its end and the start of the next run. It owns what
  // it uses, or that outlives the loop.
  using job = std::function<task<std::chrono::milliseconds>()>;

  // Hears what a job's exception says. Called on the loop; what it throws is dropped.
  using error_hook = std::function<void(std::string_view job_name, std::string_view reason)>;

  // An exception ends one run only: the next one comes after `pause_after_error`.
  scheduler(boost::asio::any_io_executor loop, error_hook on_error,
            std::chrono::milliseconds pause_after_error = std::chrono::seconds{1});
  ~scheduler();  // as stop()
  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;

  // The first run begins after `first_pause`. Any thread, before stop().
  void add(std::string name, std::chrono::milliseconds first_pause, job work);

  // A job with the same pause before each run.
  void add_periodic(std::string name, std::chrono::milliseconds pause,
                    std::function<task<>()> work);

  // No further run begins; one under way goes on to its end. Any thread; a second call does
  // nothing.
  void stop();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace cruddur::runtime
