#include "runtime/blocking_pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <pthread.h>

namespace cruddur::runtime {

struct blocking_pool::state {
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::move_only_function<void()>> queue;
  std::size_t queue_limit = 0;
  std::size_t refused = 0;
  std::size_t busy = 0;  // threads that run a job
  bool stopping = false;
  std::vector<std::thread> threads;

  void work() {
    std::unique_lock lock{mutex};
    for (;;) {
      wake.wait(lock, [this] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      auto job = std::move(queue.front());
      queue.pop_front();
      ++busy;
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
      --busy;
    }
  }
};

fault detail::pool_full() {
  return {fault_kind::unavailable,
          {"server_busy"},
          "The server is busy; try again in a moment.",
          {},
          std::chrono::seconds{1}};
}

blocking_pool::blocking_pool(std::size_t threads, std::size_t queue_limit)
    : state_{std::make_unique<state>()} {
  if (threads == 0) throw std::invalid_argument("a blocking pool needs a thread");
  state_->queue_limit = queue_limit;
  for (std::size_t i = 0; i < threads; ++i) {
    auto& thread = state_->threads.emplace_back([this] { state_->work(); });
    pthread_setname_np(thread.native_handle(), "blocking");
  }
}

blocking_pool::~blocking_pool() {
  close();
}

void blocking_pool::close() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& each : state_->threads) {
    if (each.joinable()) each.join();
  }
}

bool blocking_pool::closing() const {
  const std::lock_guard lock{state_->mutex};
  return state_->stopping;
}

std::size_t blocking_pool::waiting() const {
  const std::lock_guard lock{state_->mutex};
  return state_->queue.size();
}

std::size_t blocking_pool::refused() const {
  const std::lock_guard lock{state_->mutex};
  return state_->refused;
}

bool blocking_pool::post(std::move_only_function<void()> job) {
  {
    const std::lock_guard lock{state_->mutex};
    const std::size_t free_threads = state_->threads.size() - state_->busy;
    if (state_->stopping) return false;
    if (state_->queue.size() >= state_->queue_limit + free_threads) {
      ++state_->refused;
      return false;
    }
    state_->queue.push_back(std::move(job));
  }
  state_->wake.notify_one();
  return true;
}

}  // namespace cruddur::runtime
