// Posting, liking, threads and expiry over a store in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/activity_writer.hpp"
#include "app/expiry_sweeper.hpp"
#include "app/likes.hpp"
#include "app/threads.hpp"
#include "base/visitor.hpp"
#include "domain/time_to_live.hpp"
#include "fake_activity_store.hpp"
#include "run_task.hpp"
#include "support/memory_pool_stores.hpp"

namespace cruddur {
namespace {

using ::testing::ElementsAre;
using tests::fake_activity_store;
using tests::run_task;

constexpr time_point start = from_unix_ms(1'800'000'000'000);

struct event_log : activity_observer {
  std::vector<std::string> events;
  void on(const activity_event& event) override {
    events.push_back(std::visit(
        visitor{[](const activity_posted&) { return std::string{"posted"}; },
                [](const activity_counted& each) {
                  return fmt::format("counted {}/{}", each.counts.likes, each.counts.replies);
                },
                [](const activity_reacted& each) {
                  return std::string{each.is_on ? "liked" : "unliked"};
                },
                [](const activity_removed&) { return std::string{"removed"}; },
                [](const author_removed&) { return std::string{"author removed"}; }},
        event));
  }
};

struct fixed_clock : clock {
  time_point at = start;
  time_point now() const override { return at; }
};

struct use_cases : ::testing::Test {
  fake_activity_store store;
  testing::memory_profiles profiles;
  event_log observer;
  const fixed_clock clock;
  expiry_sweeper sweeper{store, observer, clock, {[](auto) {}, [](const fault&) {}}};
  activity_writer writer{store, profiles, observer};
  cruddur::likes likes{store, store, observer};
  uuid me = make_uuid_v4();
  request_context mine{.viewer = me, .now = start};
};

TEST_F(use_cases, a_post_lives_as_long_as_its_author_said) {
  for (const time_to_live& each : lifetimes) {
    const auto posted = run_task(writer.post(mine, {"hi", {}}, std::string{each.code}));
    ASSERT_TRUE(posted) << each.code;
    EXPECT_EQ(posted->made.expires_at - posted->made.created_at, each.duration);
  }
}

TEST_F(use_cases, a_post_keeps_the_mentions_of_people_there_are) {
  const uuid ann = make_uuid_v4();
  profiles.profiles[ann] = {ann, "ann", "Ann", "", start};
  const auto posted = run_task(writer.post(mine, {"@Ann and @nobody_here, #tea", {}}, "1-hour"));
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->made.entities, R"([{"type":"mention","start":0,"end":4,"value":"ann"},)"
                                   R"({"type":"tag","start":23,"end":27,"value":"tea"}])");
}

TEST_F(use_cases, a_post_with_two_faults_names_both) {
  const auto posted = run_task(writer.post(mine, {" ", {}}, "2-days"));
  ASSERT_FALSE(posted);
  EXPECT_THAT(posted.error().codes, ElementsAre("message_blank", "ttl_invalid"));
  EXPECT_THAT(run_task(writer.post(mine, {"hi", {}}, "")).error().codes, ElementsAre("ttl_blank"));
  EXPECT_TRUE(store.rows.empty());
  EXPECT_TRUE(observer.events.empty());
}

TEST_F(use_cases, a_repeated_request_gives_what_the_first_one_made_and_announces_nothing) {
  const uuid key = make_uuid_v4();
  const auto first = run_task(writer.post(mine, {"hi", key}, "1-hour"));
  const auto again = run_task(writer.post(mine, {"hi", key}, "1-hour"));
  ASSERT_TRUE(first && again);
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->made.id, first->made.id);
  EXPECT_THAT(observer.events, ElementsAre("posted"));
}

TEST_F(use_cases, a_request_repeated_after_its_posts_end_is_not_told_what_it_was) {
  const uuid key = make_uuid_v4();
  const auto first = run_task(writer.post(mine, {"hi", key}, "1-hour"));
  ASSERT_TRUE(first);
  const auto late =
      run_task(writer.post({.viewer = me, .now = first->made.expires_at}, {"hi", key}, "1-hour"));
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().codes, ElementsAre("activity_expired"));
}

TEST_F(use_cases, keys_whose_time_is_over_are_forgotten_in_batches) {
  EXPECT_TRUE(run_task(sweeper.sweep()));
  EXPECT_THAT(store.keys_forgotten_at, ElementsAre(start, start));
}

TEST_F(use_cases, nothing_is_announced_that_was_not_stored) {
  store.failure = make_fault(fault_kind::unavailable, "database_unavailable", "", "");
  EXPECT_FALSE(run_task(writer.post(mine, {"hi", {}}, "1-hour")));
  EXPECT_TRUE(observer.events.empty());
}

TEST_F(use_cases, a_reply_may_be_long_and_ends_with_its_root) {
  const activity root = store.add(to_unix_ms(start), start + std::chrono::hours{2});
  const auto reply = run_task(writer.reply(mine, {std::string(1024, 'x'), {}}, root.id));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->made.expires_at, root.expires_at);
  EXPECT_EQ(reply->made.root, root.id);
  const auto nested = run_task(writer.reply(mine, {"deeper", {}}, reply->made.id));
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->made.root, root.id);
  EXPECT_FALSE(run_task(writer.reply(mine, {std::string(1025, 'x'), {}}, root.id)));
  EXPECT_THAT(observer.events, ElementsAre("posted", "counted 0/1", "posted", "counted 0/1"));
}

TEST_F(use_cases, what_expired_is_gone_for_every_change) {
  const uuid id = store.add(to_unix_ms(start) - 1000, start, me).id;
  const auto code_of = [](const auto& outcome) {
    return outcome ? "" : outcome.error().codes.front();
  };
  EXPECT_EQ(code_of(run_task(writer.reply(mine, {"hi", {}}, id))), "activity_expired");
  EXPECT_EQ(code_of(run_task(likes.set(mine, id, true))), "activity_expired");
  EXPECT_EQ(code_of(run_task(likes.toggle(mine, id))), "activity_expired");
  EXPECT_EQ(code_of(run_task(writer.remove(mine, id))), "activity_expired");
  EXPECT_EQ(code_of(run_task(read_thread(store, store, mine, id, {}))), "activity_expired");
  EXPECT_EQ(code_of(run_task(likes.set(mine, make_uuid_v4(), true))), "activity_not_found");
}

TEST_F(use_cases, only_its_author_deletes_a_post) {
  const uuid id = store.add(to_unix_ms(start), start + std::chrono::hours{1}, me).id;
  const auto refused = run_task(writer.remove({.viewer = make_uuid_v4(), .now = start}, id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, fault_kind::forbidden);
  EXPECT_TRUE(run_task(writer.remove(mine, id)));
  EXPECT_EQ(run_task(writer.remove(mine, id)).error().kind, fault_kind::gone);
  EXPECT_THAT(observer.events, ElementsAre("removed"));
}

TEST_F(use_cases, liking_twice_is_announced_once) {
  const uuid id = store.add(to_unix_ms(start), start + std::chrono::hours{1}).id;
  EXPECT_EQ(run_task(likes.set(mine, id, true))->likes_count, 1);
  EXPECT_EQ(run_task(likes.set(mine, id, true))->likes_count, 1);
  EXPECT_EQ(run_task(likes.toggle(mine, id))->likes_count, 0);
  EXPECT_TRUE(run_task(likes.toggle(mine, id))->liked);
  EXPECT_THAT(observer.events, ElementsAre("counted 1/0", "liked", "counted 0/0", "unliked",
                                           "counted 1/0", "liked"));
}

TEST_F(use_cases, a_page_of_replies_says_whether_there_are_more) {
  const uuid root = store.add(to_unix_ms(start), start + std::chrono::hours{1}).id;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(run_task(writer.reply(mine, {"hi", {}}, root)));
  const auto two = run_task(read_thread(store, store, mine, root, {{}, 2}));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->replies.size(), 2U);
  EXPECT_TRUE(two->more);
  EXPECT_FALSE(run_task(read_thread(store, store, mine, root, {{}, 3}))->more);
}

struct sweeping : use_cases {
  fixed_clock time;
  std::vector<std::chrono::milliseconds> lags;
  int faults = 0;
  expiry_sweeper sweeper{
      store,
      observer,
      time,
      {[this](auto lag) { lags.push_back(lag); }, [this](const fault&) { ++faults; }}};

  void sweep() {
    run_task([](expiry_sweeper& all) -> task<bool> {
      co_await all.sweep();
      co_return true;
    }(sweeper));
  }
  std::chrono::milliseconds sleep() {
    return run_task(sweeper.time_to_next(std::chrono::milliseconds{10'000}));
  }
};

TEST_F(sweeping, deletes_in_batches_until_nothing_expired_is_left) {
  for (int i = 0; i < 450; ++i) store.add(i, start - std::chrono::milliseconds{3});
  store.add(1000, start + std::chrono::milliseconds{1});
  sweep();
  EXPECT_EQ(store.rows.size(), 1U);
  EXPECT_EQ(lags.size(), 450U);
  EXPECT_EQ(lags.front(), std::chrono::milliseconds{3});
  EXPECT_EQ(observer.events.size(), 450U);
  EXPECT_EQ(store.purges, 1);
}

TEST_F(sweeping, catches_up_without_rest_or_purge_and_lets_others_work_between_batches) {
  for (int i = 0; i < 1'000; ++i) store.add(i, start);
  int between = 0;
  const auto count = [&]() -> task<> {
    ++between;
    co_return;
  };
  EXPECT_TRUE(run_task(sweeper.catch_up(count)));
  EXPECT_TRUE(store.rows.empty());
  EXPECT_EQ(between, 2);
  EXPECT_EQ(store.purges, 0);
  EXPECT_FALSE(sweeper.is_elsewhere());
}

TEST_F(sweeping, sleeps_until_the_next_expiry) {
  sweep();
  EXPECT_EQ(sleep().count(), 10'000);
  store.add(1, start + std::chrono::milliseconds{700});
  EXPECT_EQ(sleep().count(), 700);
  time.at += std::chrono::seconds{1};
  EXPECT_EQ(sleep().count(), 75) << "never at once again";
}

TEST_F(sweeping, tries_a_purge_again_until_it_succeeds) {
  store.purge_succeeds = false;
  sweep();
  EXPECT_LT(sleep().count(), 1'000);
  store.purge_succeeds = true;
  sweep();
  EXPECT_EQ(sleep().count(), 10'000);
  EXPECT_EQ(store.purges, 2);
}

TEST_F(sweeping, says_when_the_store_fails) {
  store.failure = make_fault(fault_kind::unavailable, "database_unavailable", "", "");
  sweep();
  EXPECT_EQ(faults, 1);
}

}  // namespace
}  // namespace cruddur
