#include "runtime/shutdown_signals.hpp"

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace cruddur::runtime {

namespace asio = boost::asio;

struct shutdown_signals::state {
  asio::io_context context{1};
  asio::signal_set signals{context, SIGINT, SIGTERM};
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<int> first;
  std::thread thread;

  void listen() {
    signals.async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      if (!tell(number)) std::_Exit(128 + number);
      listen();
    });
  }

  // False when the end had been asked for already.
  bool tell(int number) {
    {
      const std::lock_guard lock{mutex};
      if (first) return false;
      first = number;
    }
    changed.notify_all();
    return true;
  }
};

shutdown_signals::shutdown_signals() : state_{std::make_unique<state>()} {
  std::signal(SIGPIPE, SIG_IGN);
  state_->listen();
  state_->thread = std::thread{[this] { state_->context.run(); }};
}

shutdown_signals::~shutdown_signals() {
  state_->context.stop();
  state_->thread.join();
}

int shutdown_signals::wait() {
  std::unique_lock lock{state_->mutex};
  state_->changed.wait(lock, [this] { return state_->first.has_value(); });
  return *state_->first;
}

void shutdown_signals::request() {
  state_->tell(0);
}

}  // namespace cruddur::runtime
