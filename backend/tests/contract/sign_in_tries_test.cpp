// How tries at passwords are counted, on every engine.
#include "adapters/sql/sign_in_tries.hpp"

#include <gtest/gtest.h>

#include "adapters/sql/account_store.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;

const time_point now = from_unix_ms(1'795'000'000'000);

class sign_in_tries_contract : public test::database_test {
 protected:
  std::unique_ptr<account_store> accounts = sql::create_account_store(db(), vault(), index());
  std::unique_ptr<sign_in_tries> tries = sql::create_sign_in_tries(db());
  const uuid ann = make_account();

  uuid make_account() {
    const account who{.id = make_uuid_v4(),
                      .email = "ann@example.com",
                      .handle = "ann",
                      .display_name = "Ann",
                      .password = {"salt", "sealed"},
                      .created_at = now};
    EXPECT_TRUE(run(
        accounts->create(who, {code_purpose::sign_up, "hash", "", now + 24h, "seed"}, now + 24h)));
    EXPECT_EQ(run(accounts->confirm(who.id, "hash", now)).value(), code_outcome::accepted);
    return who.id;
  }
  bool begin(const std::string& place, time_point at = now, bool vouched = false) {
    return run(tries->begin(ann, place, vouched, at)).value();
  }
  void succeed(const std::string& place, time_point at = now) {
    ASSERT_TRUE(run(tries->succeeded(ann, place, at)));
  }
  // Strangers at new places; gives how many were let in.
  int flood(int count, time_point at, const std::string& name) {
    int let_in = 0;
    for (int i = 0; i < count; ++i) {
      if (begin(name + std::to_string(i), at)) ++let_in;
    }
    return let_in;
  }
};

INSTANTIATE_TEST_SUITE_P(on, sign_in_tries_contract, test::engines(), test::engine_name);

TEST_P(sign_in_tries_contract, lock_a_place_after_five_failures_for_a_time_that_doubles) {
  time_point at = now;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(begin("here", at));
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s}) {
    EXPECT_FALSE(begin("here", at + wait - 1ms)) << wait.count();
    at += wait;
    EXPECT_TRUE(begin("here", at)) << wait.count();
  }
  EXPECT_TRUE(begin("elsewhere", at));
  EXPECT_TRUE(begin("here", at + 24h));
  EXPECT_TRUE(begin("here", at + 24h));
}

TEST_P(sign_in_tries_contract, forgive_a_place_where_the_password_was_right) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(begin("here"));
  succeed("here");
  for (int i = 0; i < sign_in_bounds::free_tries_known; ++i) EXPECT_TRUE(begin("here")) << i;
  EXPECT_FALSE(begin("here"));
}

TEST_P(sign_in_tries_contract, count_nothing_for_a_try_that_looked_at_no_password) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(begin("here")) << i;
    ASSERT_TRUE(run(tries->abandoned(ann, "here")));
  }
}

TEST_P(sign_in_tries_contract, let_a_known_place_and_a_known_device_in_whatever_strangers_do) {
  succeed("home");
  // As many as a day's flood would leave.
  static const sql::statement many{
      "many",
      "INSERT INTO pool_sign_in_tries (account_uuid, place, known, tries, tried_at, free_at) "
      "VALUES ($1, $2, 0, $3, $4, $4)"};
  ASSERT_TRUE(run(db().write_one(
      many, {ann, sql::bytes{"strangers"}, std::int64_t{sign_in_bounds::unknown_max_tries - 5},
             to_unix_ms(now)})));
  const time_point at = now + 1h;
  EXPECT_EQ(flood(20, at, "stranger "), 5);
  EXPECT_FALSE(begin("a new place", at));
  EXPECT_TRUE(begin("home", at));
  EXPECT_TRUE(begin("a device", at, true));
  EXPECT_TRUE(begin("a new place", at + 24h));
}

TEST_P(sign_in_tries_contract, let_every_strange_place_try_seldom_when_there_are_many) {
  EXPECT_EQ(flood(100, now, "stranger "), 100);
  EXPECT_FALSE(begin("stranger 7", now + 1h));
  EXPECT_TRUE(begin("a new place", now + 1h));
  EXPECT_FALSE(begin("a new place", now + 2h));
  EXPECT_TRUE(begin("stranger 7", now + sign_in_bounds::unknown_pause));
}

TEST_P(sign_in_tries_contract, forget_places_of_long_ago_and_of_accounts_that_are_gone) {
  succeed("home");
  EXPECT_EQ(flood(100, now + 60 * 24h, "stranger "), 100);
  begin("home", now + 60 * 24h);
  EXPECT_FALSE(begin("home", now + 60 * 24h)) << "not known any more";
  ASSERT_TRUE(run(tries->sweep(now + 90 * 24h)));
  ASSERT_TRUE(run(accounts->remove(ann, "mac", now)));
  succeed("home");
  EXPECT_EQ(flood(100, now, "stranger "), 100);
  begin("home");
  EXPECT_FALSE(begin("home"));
}

}  // namespace
}  // namespace cruddur
