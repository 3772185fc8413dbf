#include "runtime/event_loops.hpp"

#include <exception>
#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <pthread.h>

namespace cruddur::runtime {
namespace {

namespace asio = boost::asio;

// Lets drop_pending() destroy what is pending while the loop itself, which others may still post
// to, stays. shutdown() is protected because io_context's destructor calls it, as
// execution_context's documentation allows derived classes to do first: it destroys the pending
// handlers, and each later call, the last by the destructor, those that have come since.
class loop_context : public asio::io_context {
 public:
  loop_context() : asio::io_context{1} {}
  using asio::io_context::shutdown;
};

struct running_loop {
  loop_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
};

void run(asio::io_context& context, const std::function<void(std::string_view)>& on_error) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& error) {
      if (!on_error) throw;
      on_error(error.what());
    }
  }
}

}  // namespace

struct event_loops::state {
  std::function<void(std::string_view)> on_error;
  std::vector<std::unique_ptr<running_loop>> loops;
  bool stopped = false;
};

event_loops::event_loops(std::size_t count, std::function<void(std::string_view)> on_error)
    : state_{std::make_unique<state>()} {
  if (count == 0) throw std::invalid_argument("at least one event loop is needed");
  state_->on_error = std::move(on_error);
  for (std::size_t i = 0; i < count; ++i) {
    auto& loop = *state_->loops.emplace_back(std::make_unique<running_loop>());
    loop.thread = std::thread{[this, &loop] { run(loop.context, state_->on_error); }};
    pthread_setname_np(loop.thread.native_handle(), "loop");
  }
}

event_loops::~event_loops() {
  stop();
}

std::size_t event_loops::size() const {
  return state_->loops.size();
}

asio::io_context& event_loops::loop(std::size_t index) {
  return state_->loops.at(index)->context;
}

std::vector<asio::any_io_executor> event_loops::executors() {
  std::vector<asio::any_io_executor> out;
  for (const auto& each : state_->loops) out.emplace_back(each->context.get_executor());
  return out;
}

void event_loops::stop() {
  if (std::exchange(state_->stopped, true)) return;
  for (const auto& each : state_->loops) each->context.stop();
  for (const auto& each : state_->loops) each->thread.join();
  drop_pending();
}

// What ends on one loop may let go of what waits on another.
void event_loops::drop_pending() {
  for (std::size_t pass = 0; pass < size(); ++pass) {
    for (const auto& each : state_->loops) each->context.shutdown();
  }
}

}  // namespace cruddur::runtime
