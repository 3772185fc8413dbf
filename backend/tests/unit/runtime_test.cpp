#include <csignal>
#include <functional>
#include <future>
#include <latch>
#include <semaphore>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/blocking_pool.hpp"
#include "runtime/event_loops.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/shutdown_signals.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Runs a coroutine on a loop and waits for what it gives.
template <class T>
T run_on(asio::io_context& loop, task<T> work) {
  return asio::co_spawn(loop, std::move(work), asio::use_future).get();
}

struct set_on_end {
  bool* flag;
  ~set_on_end() { *flag = true; }
};

task<> wait_for_ever(bool* ended) {
  const set_on_end guard{ended};
  asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::hours{1}};
  co_await timer.async_wait(asio::use_awaitable);
}

TEST(event_loops, run_each_on_its_own_thread) {
  event_loops loops{2};
  const auto thread_of = [&](std::size_t index) {
    std::promise<std::thread::id> id;
    asio::post(loops.loop(index), [&] { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
  };
  EXPECT_EQ(loops.size(), 2U);
  EXPECT_NE(thread_of(0), thread_of(1));
  EXPECT_EQ(thread_of(0), thread_of(0));
}

TEST(event_loops, destroy_what_waits_when_stopped) {
  event_loops loops{1};
  bool ended = false;
  asio::co_spawn(loops.loop(0), wait_for_ever(&ended), asio::detached);
  std::promise<void> reached;
  asio::post(loops.loop(0), [&] { reached.set_value(); });
  reached.get_future().get();
  loops.stop();
  EXPECT_TRUE(ended);
  asio::post(loops.loop(0), [] { FAIL() << "ran after the stop"; });
  loops.stop();
}

task<> wait_for_somebody(std::move_only_function<void()>* who, bool* ended) {
  const set_on_end guard{ended};
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [who](auto handler) { *who = std::move(handler); }, asio::use_awaitable);
}

TEST(event_loops, destroy_what_is_let_go_after_they_were_stopped) {
  event_loops loops{2};
  bool ended = false;
  std::move_only_function<void()> database;
  asio::co_spawn(loops.loop(0), wait_for_somebody(&database, &ended), asio::detached);
  std::promise<void> reached;
  asio::post(loops.loop(0), [&] { reached.set_value(); });
  reached.get_future().get();
  loops.stop();
  EXPECT_FALSE(ended);
  database = nullptr;
  loops.drop_pending();
  EXPECT_TRUE(ended);
}

TEST(event_loops, tell_of_an_exception_and_go_on) {
  std::promise<std::string> told;
  event_loops loops{1, [&](std::string_view what) { told.set_value(std::string{what}); }};
  asio::post(loops.loop(0), [] { throw std::runtime_error("oops"); });
  EXPECT_EQ(told.get_future().get(), "oops");
  std::promise<void> still;
  asio::post(loops.loop(0), [&] { still.set_value(); });
  still.get_future().get();
}

task<> throw_at_once() {
  throw std::runtime_error("it broke");
  co_return;
}

TEST(spawn, tells_what_ended_the_task) {
  event_loops loops{1};
  std::promise<std::string> told;
  spawn(loops.loop(0).get_executor(), throw_at_once(),
        [&](std::string_view reason) { told.set_value(std::string{reason}); });
  EXPECT_EQ(told.get_future().get(), "it broke");
}

TEST(spawn, tells_the_loop_when_nobody_else_listens) {
  std::promise<std::string> told;
  event_loops loops{1, [&](std::string_view what) { told.set_value(std::string{what}); }};
  spawn(loops.loop(0).get_executor(), throw_at_once(), {});
  EXPECT_EQ(told.get_future().get(), "it broke");
}

task<> fail_twice(int* runs, std::promise<void>* done) {
  if (++*runs == 1) throw std::runtime_error("it broke");
  if (*runs == 2) throw 2;  // NOLINT: whatever is thrown
  done->set_value();
  co_return;
}

TEST(spawn_lasting, begins_again_after_each_failure_until_the_work_returns) {
  event_loops loops{1};
  int runs = 0;
  std::promise<void> done;
  std::vector<std::string> told;
  spawn_lasting(
      loops.loop(0).get_executor(), [&] { return fail_twice(&runs, &done); },
      [&](std::string_view reason) {
        told.emplace_back(reason);
        throw std::runtime_error("the log is full");
      },
      {.first = 1ms, .longest = 2ms});
  done.get_future().get();
  loops.stop();
  EXPECT_EQ(runs, 3);
  EXPECT_THAT(told, testing::ElementsAre("it broke", "an unknown exception"));
}

task<std::pair<result<int>, bool>> run_and_compare_threads(blocking_pool& pool) {
  const auto before = std::this_thread::get_id();
  std::thread::id within;
  auto out = co_await pool.run([&within] {
    within = std::this_thread::get_id();
    return 42;
  });
  co_return std::pair{std::move(out), before == std::this_thread::get_id() && before != within};
}

TEST(blocking_pool, runs_elsewhere_and_resumes_on_the_callers_loop) {
  event_loops loops{1};
  blocking_pool pool{1, 10};
  const auto [out, right_threads] = run_on(loops.loop(0), run_and_compare_threads(pool));
  EXPECT_EQ(out.value(), 42);
  EXPECT_TRUE(right_threads);
}

task<int> run_and_catch(blocking_pool& pool) {
  try {
    co_await pool.run([] { throw std::runtime_error("inside"); });
  } catch (const std::runtime_error&) {
    co_return 1;
  }
  co_return 0;
}

TEST(blocking_pool, lets_exceptions_out_at_the_caller) {
  event_loops loops{1};
  blocking_pool pool{1, 10};
  EXPECT_EQ(run_on(loops.loop(0), run_and_catch(pool)), 1);
}

task<result<>> run_one(blocking_pool& pool, std::function<void()> work) {
  co_return co_await pool.run(std::move(work));
}

TEST(blocking_pool, refuses_work_beyond_its_queue) {
  event_loops loops{1};
  blocking_pool pool{2, 1};
  std::latch go{1};
  std::latch both_run{2};
  std::vector<std::future<result<>>> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(asio::co_spawn(loops.loop(0),
                                  run_one(pool,
                                          [&] {
                                            both_run.count_down();
                                            go.wait();
                                          }),
                                  asio::use_future));
  }
  both_run.wait();
  held.push_back(asio::co_spawn(loops.loop(0), run_one(pool, [] {}), asio::use_future));
  const auto refused = run_on(loops.loop(0), run_one(pool, [] {}));
  EXPECT_EQ(pool.waiting(), 1U);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, fault_kind::unavailable);
  EXPECT_EQ(refused.error().codes.at(0), "server_busy");
  EXPECT_EQ(refused.error().retry_after, 1s);
  go.count_down();
  for (auto& each : held) EXPECT_TRUE(each.get());
}

TEST(blocking_pool, refuses_what_waits_when_it_ends_and_lets_the_callers_go_on) {
  event_loops loops{1};
  std::latch go{1};
  std::latch runs{1};
  std::vector<std::future<result<void>>> held;
  blocking_pool pool{1, 100};
  const auto spawn = [&](std::function<void()> work) {
    held.push_back(asio::co_spawn(loops.loop(0), run_one(pool, std::move(work)), asio::use_future));
  };
  spawn([&] {
    runs.count_down();
    go.wait();
  });
  runs.wait();
  for (int i = 0; i < 19; ++i) spawn([] {});
  while (pool.waiting() < 19) std::this_thread::yield();
  std::jthread closing{[&pool] { pool.close(); }};
  std::this_thread::sleep_for(200ms);
  go.count_down();
  EXPECT_TRUE(held.front().get());
  for (std::size_t i = 1; i < held.size(); ++i) {
    const auto refused = held[i].get();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().codes.at(0), "server_busy");
  }
}

task<bool> wait_for_backlog(blocking_pool& pool, std::size_t backlog) {
  co_await pool.until_backlog(backlog);
  co_return true;
}

// A pool of one thread that runs a piece of work while others wait: each ends when it is told to.
struct busy_pool {
  event_loops loops{1};
  std::latch runs{1};
  std::counting_semaphore<> go{0};
  blocking_pool pool{1, 100};
  std::vector<std::future<result<>>> held;

  explicit busy_pool(std::size_t waiting) {
    add([this] {
      runs.count_down();
      go.acquire();
    });
    runs.wait();
    for (std::size_t i = 0; i < waiting; ++i) add([this] { go.acquire(); });
    while (pool.waiting() < waiting) std::this_thread::yield();
  }
  ~busy_pool() {
    go.release(static_cast<std::ptrdiff_t>(held.size()));
    for (auto& each : held) (void)each.get();
  }
  void add(std::function<void()> work) {
    held.push_back(asio::co_spawn(loops.loop(0), run_one(pool, std::move(work)), asio::use_future));
  }
  std::future<bool> wait(std::size_t backlog) {
    return asio::co_spawn(loops.loop(0), wait_for_backlog(pool, backlog), asio::use_future);
  }
};

TEST(blocking_pool, lets_callers_go_on_together_when_little_waits) {
  busy_pool busy{3};
  std::vector<std::future<bool>> later;
  for (int i = 0; i < 3; ++i) later.push_back(busy.wait(1));
  EXPECT_TRUE(busy.wait(3).get());
  for (const auto& each : later) EXPECT_EQ(each.wait_for(0s), std::future_status::timeout);
  busy.go.release();
  EXPECT_TRUE(busy.wait(2).get());
  for (const auto& each : later) EXPECT_EQ(each.wait_for(0s), std::future_status::timeout);
  busy.go.release();
  for (auto& each : later) ASSERT_EQ(each.wait_for(30s), std::future_status::ready);
  EXPECT_EQ(busy.pool.waiting(), 1U);
}

TEST(blocking_pool, lets_callers_go_on_when_it_ends) {
  busy_pool busy{3};
  auto later = busy.wait(1);
  EXPECT_TRUE(busy.wait(3).get());
  const std::jthread closing{[&busy] { busy.pool.close(); }};
  EXPECT_EQ(later.wait_for(30s), std::future_status::ready);
  busy.go.release(4);
  EXPECT_TRUE(busy.wait(0).get());
}

TEST(scheduler, runs_a_job_again_after_an_exception_until_it_is_stopped) {
  event_loops loops{1};
  std::atomic<int> runs = 0;
  std::atomic<int> errors = 0;
  {
    scheduler background{loops.loop(0).get_executor(),
                         [&errors](std::string_view name, std::string_view reason) {
                           if (name == "a job" && reason == "once") ++errors;
                           throw std::runtime_error("a log that fails");
                         },
                         5ms};
    background.add_periodic("a job", 5ms, [&runs]() -> task<> {
      if (++runs == 2) throw std::runtime_error("once");
      co_return;
    });
    while (runs < 4) std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(errors, 1);
  std::this_thread::sleep_for(20ms);
  const int after = runs;
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(runs, after);
}

TEST(scheduler, a_job_says_when_it_runs_next_and_others_do_not_wait_for_it) {
  event_loops loops{1};
  std::atomic<int> rare = 0;
  std::atomic<int> frequent = 0;
  scheduler background{loops.loop(0).get_executor(), {}};
  background.add("rare", 0ms, [&rare]() -> task<std::chrono::milliseconds> {
    ++rare;
    co_return std::chrono::hours{1};
  });
  background.add("frequent", 0ms, [&frequent]() -> task<std::chrono::milliseconds> {
    ++frequent;
    co_return 1ms;
  });
  while (frequent < 20) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(rare, 1);
}

TEST(scheduler, a_pause_of_an_hour_does_not_keep_the_loop) {
  event_loops loops{1};
  scheduler background{loops.loop(0).get_executor(), {}};
  background.add_periodic("hourly", std::chrono::hours{1}, []() -> task<> { co_return; });
  background.stop();
  background.stop();
  loops.stop();
}

TEST(shutdown_signals, wait_for_the_first_signal) {
  shutdown_signals signals;
  auto number = std::async(std::launch::async, [&] { return signals.wait(); });
  std::raise(SIGTERM);
  EXPECT_EQ(number.get(), SIGTERM);
}

TEST(shutdown_signals, hangups_are_heard_and_end_nothing) {
  shutdown_signals signals;
  std::raise(SIGHUP);  // nobody wants it yet
  std::binary_semaphore heard{0};
  signals.on_hangup([&heard] { heard.release(); });
  for (int i = 0; i < 2; ++i) {
    std::raise(SIGHUP);
    heard.acquire();
  }
  signals.release();
  EXPECT_FALSE(signals.asked());
}

TEST(shutdown_signals_death, a_start_that_hangs_is_ended) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const shutdown_signals signals{20ms};
        std::raise(SIGTERM);
        std::this_thread::sleep_for(std::chrono::hours{1});
      },
      testing::ExitedWithCode(128 + SIGTERM), "");
}

TEST(shutdown_signals, can_be_asked_from_within) {
  shutdown_signals signals;
  signals.request();
  EXPECT_EQ(signals.wait(), 0);
}

TEST(shutdown_signals_death, the_second_signal_ends_at_once) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        shutdown_signals signals;
        std::raise(SIGINT);
        signals.wait();
        std::raise(SIGINT);
        std::this_thread::sleep_for(10s);
      },
      ::testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace cruddur::runtime
