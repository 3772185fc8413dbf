// What an account may write, and the setting that says so.
#include "app/write_budgets.hpp"

#include <gtest/gtest.h>

#include "config/settings.hpp"
#include "config/write_limits.hpp"

namespace cruddur {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr time_point start = from_unix_ms(1'800'000'000'000);

struct write_budgets_of_an_account : testing::Test {
  static write_limits limits() {
    write_limits out;
    out.windows[0] = {{3, minutes{1}}, {5, minutes{60}}};
    return out;
  }
  write_budgets budgets{limits()};
  uuid me = make_uuid_v4();

  result<> take(time_point now, std::optional<uuid> key = {}, uuid account = {}) {
    return budgets.take(write_kind::posts, account.is_nil() ? me : account, key, now);
  }
  void settle(bool wrote, std::optional<uuid> key = {}) {
    budgets.settle(write_kind::posts, me, key, wrote, start);
  }
  std::string state(time_point now = start) {
    return budgets.describe(write_kind::posts, me, now).state;
  }
};

TEST_F(write_budgets_of_an_account, are_spent_and_come_back_with_the_next_window) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(take(start + seconds{i}));
  const auto refused = take(start + seconds{20});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().codes.front(), "rate_limited");
  EXPECT_EQ(refused.error().retry_after, seconds{40});
  EXPECT_NE(refused.error().detail.find("\"posts\" is 3 a minute"), std::string::npos);
  EXPECT_EQ(state(start + seconds{20}), "\"posts\";r=0;t=40, \"posts-3600\";r=2;t=3580");
  EXPECT_TRUE(take(start + seconds{60}));
  EXPECT_TRUE(take(start + seconds{61}));
  const auto hour = take(start + seconds{62});
  ASSERT_FALSE(hour) << "the longer window is full";
  EXPECT_EQ(hour.error().retry_after, seconds{3538});
  EXPECT_EQ(state(start + seconds{62}), "\"posts\";r=1;t=58, \"posts-3600\";r=0;t=3538");
}

TEST_F(write_budgets_of_an_account, tell_the_longest_wait_when_several_windows_are_full) {
  write_limits both;
  both.windows[0] = {{2, minutes{1}}, {4, minutes{60}}};
  write_budgets small{both};
  for (const int at : {0, 1, 60, 61}) {
    EXPECT_TRUE(small.take(write_kind::posts, me, {}, start + seconds{at}));
  }
  const auto refused = small.take(write_kind::posts, me, {}, start + seconds{62});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after, seconds{3538});
  EXPECT_NE(refused.error().detail.find("\"posts-3600\" is 4 an hour"), std::string::npos);
}

TEST_F(write_budgets_of_an_account, are_its_own_and_of_one_kind) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(take(start));
  EXPECT_FALSE(take(start));
  EXPECT_TRUE(take(start, {}, make_uuid_v4()));
  EXPECT_TRUE(budgets.take(write_kind::likes, me, {}, start)) << "without a limit";
  EXPECT_EQ(budgets.describe(write_kind::likes, me, start).policy, "");
}

TEST_F(write_budgets_of_an_account, get_back_what_wrote_nothing) {
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(take(start));
    settle(false);
  }
  EXPECT_EQ(state(), "\"posts\";r=3;t=60, \"posts-3600\";r=5;t=3600");
}

TEST_F(write_budgets_of_an_account, count_requests_under_way_with_one_key_as_one) {
  const uuid key = make_uuid_v4();
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(take(start, key));
  settle(true, key);
  for (int i = 1; i < 64; ++i) settle(false, key);
  EXPECT_EQ(state(), "\"posts\";r=2;t=60, \"posts-3600\";r=4;t=3600");
}

std::string problem_of(std::string_view value) {
  config::settings to;
  return config::read_write_limits(to, value);
}

TEST(write_limits_setting, is_read_and_keeps_the_default_of_what_it_does_not_name) {
  config::settings to;
  EXPECT_EQ(config::read_write_limits(to, "posts:2/min,7/hour,9/day;likes:off"), "");
  EXPECT_EQ(to.writing.windows[0].size(), 3U);
  EXPECT_EQ(to.writing.windows[0][1].quota, 7);
  EXPECT_EQ(to.writing.windows[1][0].quota, 60);
  EXPECT_TRUE(to.writing.windows[2].empty());
  EXPECT_EQ(config::read_write_limits(to, "off"), "");
  for (const auto& each : to.writing.windows) EXPECT_TRUE(each.empty());
}

TEST(write_limits_setting, is_refused_in_words_when_it_is_wrong) {
  for (const char* wrong : {"", "posts", "cats:1/min", "posts:1/min;", "posts:;likes:off"}) {
    EXPECT_NE(problem_of(wrong), "") << wrong;
  }
  for (const char* wrong : {"posts:0/min", "posts:-1/min", "posts:1000001/min", "posts:x/min",
                            "posts:1/week", "posts:1", "posts:1/min,", "posts: 1/min"}) {
    EXPECT_NE(problem_of(wrong).find("limit posts"), std::string::npos) << wrong;
  }
  EXPECT_EQ(problem_of("likes:1/min;likes:off"), "must name likes once");
  EXPECT_EQ(problem_of("likes:1/min,2/min"), "must limit likes once /min");
}

}  // namespace
}  // namespace cruddur
