// Threads for work that takes over a millisecond: password hashing, mail, images. Bounded: when the
// queue is full the work is refused.
//
// asio::thread_pool takes work without a limit, does not say how much of it waits, and when it
// stops drops what waits, so that a caller would never go on.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>

#include "base/fault.hpp"
#include "base/task.hpp"

namespace cruddur::runtime {

class blocking_pool {
 public:
  // `threads` ≥ 1; `queue_limit`: how many may wait beyond those that run.
  blocking_pool(std::size_t threads, std::size_t queue_limit);
  ~blocking_pool();  // closes it; the loops of the callers must still exist
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  // Runs `work` on a pool thread and resumes the caller on its own loop with what it gave. An
  // exception comes out here. Fault (unavailable, code server_busy, retry_after 1 s) when the queue
  // is full. `work` owns what it uses: when the caller's loop stops, the work still runs.
  template <class F>
  auto run(F work) -> task<result<std::invoke_result_t<F&>>>;

  // Resumes the caller on its own loop once no more than `backlog` pieces of work wait. At once
  // when that is so already or the pool is closed. All who wait here go on together: writes that
  // they make next are committed together, while the pool still has something to do.
  task<> until_backlog(std::size_t backlog);

  // Finishes what runs, refuses what waits or comes later, and ends the threads. A second call does
  // nothing. Call it from outside the loops, which must still run.
  void close();

  std::size_t waiting() const;

  // How much work was refused because the queue was full.
  std::size_t refused() const;

 private:
  bool closing() const;
  // Keeps `resume` until no more than `backlog` pieces wait; false when that is so already.
  bool defer(std::size_t backlog, std::move_only_function<void()>& resume);
  // Queues the job; false when the queue is full.
  bool post(std::move_only_function<void()> job);

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::runtime

#include "runtime/blocking_pool.ipp"
