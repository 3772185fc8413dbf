// Token buckets, the lock-out, and what they do to a client of the pool.
#include "support/pool_fixture.hpp"
#include "user_pool/limits.hpp"

namespace cruddur::testing {
namespace {

using namespace std::chrono_literals;
using user_pool::attempt;
using user_pool::attempt_limits;
using user_pool::limit_table;

const time_point start = from_unix_ms(1'795'000'000'000);

TEST(attempt_limits, a_bucket_empties_and_fills_again) {
  limit_table table;
  table.sign_in.per_address = {.burst = 3, .per_minute = 6};
  attempt_limits limits{table};
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(limits.take_for_address(attempt::sign_in, "192.0.2.1", start));
  }
  EXPECT_EQ(limits.take_for_address(attempt::sign_in, "192.0.2.1", start), 10s);
  EXPECT_FALSE(limits.take_for_address(attempt::sign_in, "192.0.2.2", start));
  EXPECT_FALSE(limits.take_for_address(attempt::mail, "192.0.2.1", start));
  EXPECT_FALSE(limits.take_for_address(attempt::sign_in, "192.0.2.1", start + 10s));
  EXPECT_TRUE(limits.take_for_address(attempt::sign_in, "192.0.2.1", start + 10s));
}

TEST(attempt_limits, an_ipv6_host_counts_by_its_network_and_a_mapped_one_as_ipv4) {
  limit_table table;
  table.mail.per_address = {.burst = 1, .per_minute = 1};
  attempt_limits limits{table};
  EXPECT_FALSE(limits.take_for_address(attempt::mail, "2001:db8::1", start));
  EXPECT_TRUE(limits.take_for_address(attempt::mail, "2001:db8::ffff:2", start));
  EXPECT_FALSE(limits.take_for_address(attempt::mail, "2001:db8:0:1::1", start));
  EXPECT_FALSE(limits.take_for_address(attempt::mail, "192.0.2.1", start));
  EXPECT_TRUE(limits.take_for_address(attempt::mail, "::ffff:192.0.2.1", start));
}

TEST(attempt_limits, survive_a_million_addresses) {
  attempt_limits limits{limit_table{}};
  for (int i = 0; i < 100'000; ++i) {
    limits.take_for_account(attempt::sign_in, std::to_string(i), "", start + i * 1ms);
  }
  EXPECT_FALSE(limits.take_for_account(attempt::sign_in, "somebody", "", start + 100s));
}

using user_pool_limits = pool_fixture;

TEST_F(user_pool_limits, lock_a_guessed_account_even_for_the_right_password_until_time_passes) {
  make_account();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sign_in("ann@example.com", "wrong-guess", "198.51.100.1").text("message"),
              "Incorrect username or password.");
  }
  EXPECT_EQ(sign_in("ann@example.com", good_password, "198.51.100.1").text("message"),
            "Password attempts exceeded");
  EXPECT_EQ(sign_in("ann@example.com", good_password, "198.51.100.1").error(),
            "NotAuthorizedException");
  time->pass(1s);
  EXPECT_EQ(sign_in("ann@example.com", good_password, "198.51.100.1").status, 200U);
}

TEST_F(user_pool_limits, treat_unknown_accounts_alike) {
  for (int i = 0; i < 5; ++i) sign_in("nobody@example.com", "wrong-guess");
  EXPECT_EQ(sign_in("nobody@example.com").text("message"), "Password attempts exceeded");
}

TEST_F(user_pool_limits, stop_one_address_that_tries_many_accounts_and_tell_when_to_come_back) {
  auto settings = options();
  settings.limits.sign_in.per_address = {.burst = 3, .per_minute = 6};
  make_pool(settings);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sign_in(std::to_string(i) + "@example.com").error(), "NotAuthorizedException");
  }
  const auto refused = sign_in("4@example.com");
  EXPECT_EQ(refused.error(), "TooManyRequestsException");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(sign_in("4@example.com", good_password, "192.0.2.9").error(), "NotAuthorizedException");
}

TEST_F(user_pool_limits, bound_guesses_at_codes_and_mails_to_one_person) {
  make_account();
  const auto forgot = [&] {
    return call("ForgotPassword", {{"ClientId", client_id}, {"Username", "ann@example.com"}});
  };
  for (int i = 0; i < 6; ++i) EXPECT_EQ(forgot().status, 200U);
  EXPECT_EQ(forgot().error(), "LimitExceededException");
  std::string last;
  for (int i = 0; i < 20; ++i) {
    last = call("ConfirmForgotPassword", {{"ClientId", client_id},
                                          {"Username", "ann@example.com"},
                                          {"ConfirmationCode", "x"},
                                          {"Password", "Another-secret"}})
               .error();
  }
  EXPECT_EQ(last, "TooManyFailedAttemptsException");
}

TEST_F(user_pool_limits, refuse_before_work_when_too_much_is_under_way) {
  auto settings = options();
  settings.max_heavy_calls = 0;
  make_pool(settings);
  const auto refused = sign_in();
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.error(), "TooManyRequestsException");
}

TEST_F(user_pool_limits, let_the_owner_in_while_a_stranger_is_locked_out) {
  make_account();
  for (int i = 0; i < 5; ++i) sign_in("ann@example.com", "wrong-guess", "198.51.100.1");
  EXPECT_EQ(sign_in("ann@example.com", good_password, "198.51.100.1").text("message"),
            "Password attempts exceeded");
  EXPECT_EQ(sign_in("ann@example.com", good_password, "192.0.2.1").status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", good_password, "203.0.113.1").status, 200U);
}

TEST_F(user_pool_limits, a_freed_handle_is_nobodys_for_thirty_days) {
  make_account();
  const auto token = sign_in().token("AccessToken");
  ASSERT_EQ(call("DeleteUser", {{"AccessToken", token}}).status, 200U);
  EXPECT_EQ(sign_up("bob@example.com", "ann").error(), "AliasExistsException");
  time->pass(handle_rest);
  EXPECT_EQ(sign_up("bob@example.com", "ann").status, 200U);
}

TEST_F(user_pool_limits, a_stranger_who_signs_up_with_an_email_gains_nothing_by_it) {
  ASSERT_EQ(sign_up("ann@example.com", "mallory", "stranger-secret").status, 200U);
  const auto theirs = last_code();
  const auto letter = mail->list().front().mail.text;
  EXPECT_NE(letter.find("@mallory (Some Body)"), std::string::npos);
  EXPECT_NE(letter.find("If it was not you, do not use it"), std::string::npos);
  ASSERT_EQ(sign_up("ann@example.com", "ann").status, 200U);
  const auto mine = last_code();
  EXPECT_EQ(confirm("ann@example.com", theirs).error(), "CodeMismatchException");
  EXPECT_EQ(confirm("ann@example.com", mine).status, 200U);
  EXPECT_EQ(sign_in("ann@example.com", "stranger-secret").error(), "NotAuthorizedException");
  EXPECT_EQ(sign_in().status, 200U);
}

}  // namespace
}  // namespace cruddur::testing
