#include "runtime/blocking_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iterator>
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
  struct deferred {
    std::size_t backlog;
    std::move_only_function<void()> resume;
  };
  std::vector<deferred> waiting_callers;
  std::vector<std::thread> threads;

  // With the mutex held: those who need not wait any more.
  std::vector<deferred> take_resumable() {
    const auto later = std::ranges::partition(waiting_callers, [this](const deferred& each) {
      return each.backlog < queue.size() && !stopping;
    });
    std::vector<deferred> out(std::make_move_iterator(later.begin()),
                              std::make_move_iterator(later.end()));
    waiting_callers.erase(later.begin(), later.end());
    return out;
  }

  static void resume(std::vector<deferred> callers) {
    for (deferred& each : callers) each.resume();
  }

  void work() {
    std::unique_lock lock{mutex};
    for (;;) {
      wake.wait(lock, [this] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      auto job = std::move(queue.front());
      queue.pop_front();
      ++busy;
      auto resumable = take_resumable();
      lock.unlock();
      resume(std::move(resumable));
      job();
      job = nullptr;
      lock.lock();
      --busy;
    }
  }
};

fault detail::pool_full() {
  return make_fault(fault_kind::unavailable, "server_busy",
                    "The server is busy; try again in a moment.", std::chrono::seconds{1});
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
  std::vector<state::deferred> resumable;
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
    resumable = state_->take_resumable();
  }
  state_->wake.notify_all();
  state::resume(std::move(resumable));
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

bool blocking_pool::defer(std::size_t backlog, std::move_only_function<void()>& resume) {
  const std::lock_guard lock{state_->mutex};
  if (state_->stopping || state_->queue.size() <= backlog) return false;
  state_->waiting_callers.push_back({backlog, std::move(resume)});
  return true;
}

task<> blocking_pool::until_backlog(std::size_t backlog) {
  namespace asio = boost::asio;
  const auto executor = co_await asio::this_coro::executor;
  auto start = [this, executor, backlog](auto handler) {
    std::move_only_function<void()> resume = [executor, handler = std::move(handler),
                                              guard = asio::make_work_guard(executor)]() mutable {
      asio::post(executor, [handler = std::move(handler), guard = std::move(guard)]() mutable {
        std::move(handler)();
      });
    };
    if (!defer(backlog, resume)) resume();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start),
                                                                       asio::use_awaitable);
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
