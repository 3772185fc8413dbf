#include "user_pool/session_monitor.hpp"

#include <gtest/gtest.h>

#include "support/memory_pool_stores.hpp"
#include "unit/run_task.hpp"

namespace cruddur {
namespace {

using tests::run_task;
using user_pool::session_monitor;

struct away_sometimes : testing::memory_sessions {
  bool away = false;
  int reads = 0;
  int finds = 0;
  std::function<task<>()> as_it_reads;  // once, after the rows were read and before they arrive
  task<result<std::optional<session>>> find(uuid id, time_point now) override {
    ++finds;
    return memory_sessions::find(id, now);
  }
  task<result<revocations>> revoked_since(std::int64_t version, time_point now,
                                          std::size_t limit) override {
    ++reads;
    if (away) co_return fail(fault_kind::unavailable, "database_unavailable", "away");
    auto read = co_await memory_sessions::revoked_since(version, now, limit);
    if (const auto happens = std::exchange(as_it_reads, {})) co_await happens();
    co_return read;
  }
};

struct watching : ::testing::Test {
  std::shared_ptr<away_sometimes> store = std::make_shared<away_sometimes>();
  std::shared_ptr<movable_clock> time = std::make_shared<movable_clock>();
  int rung = 0;
  std::vector<uuid> told;

  std::unique_ptr<session_monitor> monitor(std::size_t most = 100) {
    return std::make_unique<session_monitor>(
        store, time,
        session_monitor::options{.max_sessions = most,
                                 .on_revoked = [this] { ++rung; },
                                 .on_sessions =
                                     [this](const std::vector<uuid>& sessions) {
                                       told.insert(told.end(), sessions.begin(), sessions.end());
                                     }});
  }
  uuid open() {
    const time_point now = time->now();
    session made{make_uuid_v4(), make_uuid_v4(), "", "", now, now, now + std::chrono::hours{1}};
    run_task(store->open(made, {}));
    return made.id;
  }
  static void run(task<> work) {
    run_task([](task<> inner) -> task<bool> {
      co_await std::move(inner);
      co_return true;
    }(std::move(work)));
  }
};

TEST_F(watching, trusts_nobody_before_the_first_reading_and_then_whoever_is_not_revoked) {
  const auto watch = monitor();
  const uuid one = open();
  const uuid other = open();
  EXPECT_EQ(watch->state(one), session_state::unknown);
  run_task(store->revoke(one, time->now()));
  run(watch->poll());
  EXPECT_EQ(watch->state(one), session_state::revoked);
  EXPECT_EQ(watch->state(other), session_state::trusted);
  EXPECT_EQ(told, std::vector<uuid>{one});
  EXPECT_EQ(store->finds, 0) << "no session was asked for";
}

TEST_F(watching, rings_the_others_only_when_something_was_revoked) {
  const auto watch = monitor();
  const uuid one = open();
  run(watch->poll());
  run(watch->revoked());
  EXPECT_EQ(rung, 0);
  run_task(store->revoke(one, time->now()));
  run(watch->revoked());
  EXPECT_EQ(rung, 1);
  run_task(store->revoke(one, time->now()));
  run(watch->revoked());
  EXPECT_EQ(rung, 1);
}

TEST_F(watching, trusts_nothing_while_the_store_is_away_but_forgets_no_revocation) {
  const auto watch = monitor();
  const uuid one = open();
  const uuid other = open();
  run_task(store->revoke(one, time->now()));
  run(watch->poll());
  store->away = true;
  run(watch->poll());
  EXPECT_EQ(watch->state(one), session_state::revoked);
  EXPECT_EQ(watch->state(other), session_state::unknown);
  store->away = false;
  run(watch->poll());
  EXPECT_EQ(watch->state(other), session_state::trusted);
}

TEST_F(watching, does_not_trust_a_reading_that_a_bell_rang_into) {
  const auto watch = monitor();
  const uuid one = open();
  store->as_it_reads = [&]() -> task<> {
    co_await store->revoke(one, time->now());
    watch->suspect();
  };
  run(watch->poll());
  EXPECT_EQ(watch->state(one), session_state::unknown);
  run(watch->poll());
  EXPECT_EQ(watch->state(one), session_state::revoked);
  EXPECT_EQ(watch->state(open()), session_state::trusted);
}

TEST_F(watching, goes_to_the_store_when_there_are_more_revocations_than_it_holds) {
  const auto watch = monitor(3);
  std::vector<uuid> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(open());
    run_task(store->revoke(all.back(), time->now()));
  }
  run(watch->poll());
  for (const uuid& each : all) EXPECT_NE(watch->state(each), session_state::trusted);
  run(watch->poll());
  for (const uuid& each : all) EXPECT_NE(watch->state(each), session_state::trusted);
}

TEST_F(watching, reads_all_anew_when_the_database_is_another_one) {
  const auto watch = monitor();
  for (int i = 0; i < 3; ++i) run_task(store->revoke(open(), time->now()));
  run(watch->poll());
  store->revoked.clear();
  const uuid one = open();
  run_task(store->revoke(one, time->now()));
  run(watch->poll());
  EXPECT_EQ(watch->state(one), session_state::revoked);
}

}  // namespace
}  // namespace cruddur
