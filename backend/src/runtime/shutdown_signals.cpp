#include "runtime/shutdown_signals.hpp"

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace cruddur::runtime {

namespace asio = boost::asio;

struct shutdown_signals::state {
  asio::io_context context{1};
  asio::signal_set signals{context, SIGINT, SIGTERM};
  asio::signal_set hangups{context, SIGHUP};
  asio::steady_timer grace{context};
  std::chrono::milliseconds start_grace{};
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::optional<int> first;
  bool is_started = false;
  std::mutex hangup_mutex;  // held while the action runs
  std::function<void()> hangup;
  std::thread thread;

  void listen() {
    signals.async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      if (!tell(number)) std::_Exit(128 + number);
      limit_start(number);
      listen();
    });
  }

  void limit_start(int number) {
    grace.expires_after(start_grace);
    grace.async_wait([this, number](boost::system::error_code error) {
      const std::lock_guard lock{mutex};
      if (!error && !is_started) std::_Exit(128 + number);
    });
  }

  void listen_for_hangups() {
    hangups.async_wait([this](boost::system::error_code error, int) {
      if (error) return;
      {
        const std::lock_guard lock{hangup_mutex};
        if (hangup) hangup();
      }
      listen_for_hangups();
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

shutdown_signals::shutdown_signals(std::chrono::milliseconds start_grace)
    : state_{std::make_unique<state>()} {
  std::signal(SIGPIPE, SIG_IGN);
  state_->start_grace = start_grace;
  state_->listen();
  state_->listen_for_hangups();
  state_->thread = std::thread{[this] { state_->context.run(); }};
}

shutdown_signals::~shutdown_signals() {
  state_->context.stop();
  state_->thread.join();
}

void shutdown_signals::started() {
  const std::lock_guard lock{state_->mutex};
  state_->is_started = true;
}

bool shutdown_signals::asked() const {
  const std::lock_guard lock{state_->mutex};
  return state_->first.has_value();
}

void shutdown_signals::on_hangup(std::function<void()> action) {
  const std::lock_guard lock{state_->hangup_mutex};
  state_->hangup = std::move(action);
}

void shutdown_signals::release() {
  on_hangup({});
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
