// Destroying the keys of what has ended, over stores in memory.
#include "app/key_destroyer.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run_task.hpp"

namespace cruddur {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using tests::run_task;

constexpr time_point start = from_unix_ms(1'800'000'000'000);

struct set_clock : clock {
  time_point at = start;
  time_point now() const override { return at; }
};

struct memory_keys : content_keys {
  std::set<key_slot> destroyed;
  bool fails = false;

  task<result<std::vector<reserved_key>>> reserve(std::size_t, key_term) override {
    co_return std::vector<reserved_key>{};
  }
  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override {
    co_return std::vector<std::optional<secret>>(slots.size());
  }
  task<result<>> destroy(std::vector<key_slot> slots) override {
    if (fails) co_return fail(fault_kind::unavailable, "keys_unavailable", "no disk");
    destroyed.insert(slots.begin(), slots.end());
    co_return result<>{};
  }
};

struct memory_list : ended_keys {
  std::vector<ended_key> waiting;

  task<result<std::vector<ended_key>>> oldest(std::size_t limit) override {
    const auto count = std::min(limit, waiting.size());
    co_return std::vector<ended_key>(waiting.begin(),
                                     waiting.begin() + static_cast<std::ptrdiff_t>(count));
  }
  task<result<>> forget(std::vector<key_slot> slots) override {
    std::erase_if(waiting, [&](const ended_key& each) {
      return std::ranges::find(slots, each.slot) != slots.end();
    });
    co_return result<>{};
  }
  task<result<std::vector<key_slot>>> in_use(std::vector<key_slot>) override {
    co_return std::vector<key_slot>{};
  }
};

struct destroying : ::testing::Test {
  set_clock time;
  memory_keys keys;
  memory_list ended;
  std::vector<milliseconds> lags;
  int faults = 0;
  key_destroyer destroyer{
      keys,
      ended,
      time,
      {.unused = [] { return std::vector<key_slot>{}; },
       .doubtful = [] { return std::vector<key_slot>{}; },
       .doubt_again = [](const std::vector<key_slot>&) {},
       .on_destroyed = [this](auto each) { lags.insert(lags.end(), each.begin(), each.end()); },
       .on_fault = [this](const fault&) { ++faults; }}};
};

TEST_F(destroying, tells_how_long_after_its_contents_end_each_key_was_gone) {
  ended.waiting = {{7, start - milliseconds{300}}, {9, start - milliseconds{20}}};
  EXPECT_TRUE(run_task(destroyer.run()));
  EXPECT_THAT(keys.destroyed, ElementsAre(7, 9));
  EXPECT_THAT(lags, ElementsAre(milliseconds{300}, milliseconds{20}));
  EXPECT_FALSE(destroyer.backlog());
  EXPECT_EQ(destroyer.waiting(), 0U);
}

TEST_F(destroying, is_late_once_a_key_has_waited_for_longer_than_a_minute) {
  keys.fails = true;
  ended.waiting = {{7, start}, {9, start + seconds{1}}};
  EXPECT_FALSE(run_task(destroyer.run()));
  EXPECT_FALSE(run_task(destroyer.run()));
  EXPECT_EQ(faults, 1) << "told once";
  EXPECT_EQ(destroyer.waiting(), 2U);
  time.at = start + seconds{60};
  EXPECT_EQ(destroyer.backlog(), seconds{60});
  EXPECT_FALSE(destroyer.is_late());
  time.at += milliseconds{1};
  EXPECT_TRUE(destroyer.is_late()) << "also while nothing runs";
  keys.fails = false;
  EXPECT_TRUE(run_task(destroyer.run()));
  EXPECT_FALSE(destroyer.is_late());
}

TEST_F(destroying, goes_on_until_none_is_left) {
  for (key_slot slot = 1; slot <= 2'500; ++slot) ended.waiting.push_back({slot, start});
  EXPECT_TRUE(run_task(destroyer.run()));
  EXPECT_EQ(keys.destroyed.size(), 2'500U);
  EXPECT_TRUE(ended.waiting.empty());
}

}  // namespace
}  // namespace cruddur
