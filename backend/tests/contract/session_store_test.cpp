// What the user pool asks of its session and key stores, on every engine.
#include "adapters/sql/session_store.hpp"

#include <gtest/gtest.h>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/key_store.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;

const time_point now = from_unix_ms(1'795'000'000'000);

class session_store_contract : public test::database_test {
 protected:
  std::unique_ptr<account_store> accounts = sql::create_account_store(db(), vault(), index());
  std::unique_ptr<session_store> sessions = sql::create_session_store(db());
  uuid owner = make_uuid_v4();

  void SetUp() override {
    const account who{.id = owner,
                      .email = "ann@example.com",
                      .handle = "ann",
                      .display_name = "Ann",
                      .created_at = now};
    const mailed_code code{code_purpose::sign_up, "hash", "ann@example.com", now + 1h, "seed"};
    ASSERT_TRUE(run(accounts->create(who, code, now + 1h)));
  }
  session open(const std::string& refresh = "r0") {
    session made{make_uuid_v7(now), owner, refresh, "", now, now, now + 720h};
    EXPECT_TRUE(run(sessions->open(made, std::nullopt)));
    return made;
  }
  std::optional<session> find(const session& of, time_point at = now) {
    return run(sessions->find(of.id, at)).value();
  }
  rotation_outcome rotate(const session& of, const char* from, const char* to,
                          time_point at = now) {
    return run(sessions->rotate(of.id, from, to, at)).value();
  }
};

INSTANTIATE_TEST_SUITE_P(on, session_store_contract, test::engines(), test::engine_name);

TEST_P(session_store_contract, finds_a_session_until_it_is_over_or_revoked) {
  const auto held = open();
  const auto found = find(held);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account_id, owner);
  EXPECT_EQ(found->refresh_hash, "r0");
  EXPECT_EQ(found->previous_hash, "");
  EXPECT_EQ(found->signed_in_at, now);
  EXPECT_FALSE(find(held, now + 720h));
  ASSERT_TRUE(run(sessions->revoke(held.id, now)));
  EXPECT_FALSE(find(held));
}

TEST_P(session_store_contract, a_challenge_opens_one_session_only) {
  const challenge_use use{std::string("\0nonce", 6), now + 3min};
  session first{make_uuid_v7(now), owner, "r0", "", now, now, now + 1h};
  session second{make_uuid_v7(now), owner, "r1", "", now, now, now + 1h};
  EXPECT_TRUE(run(sessions->open(first, use)));
  EXPECT_EQ(run(sessions->open(second, use)).error().codes.front(), "challenge_used");
  EXPECT_EQ(run(sessions->spend(use)).error().codes.front(), "challenge_used");
  EXPECT_FALSE(find(second));
  ASSERT_TRUE(run(sessions->sweep(now + 3min)));
  EXPECT_TRUE(run(sessions->spend(use)));
}

TEST_P(session_store_contract, a_refresh_token_is_good_until_its_successor_was_used) {
  const auto held = open();
  EXPECT_EQ(rotate(held, "r0", "r1"), rotation_outcome::rotated);
  EXPECT_EQ(rotate(held, "r0", "r1", now + 300h), rotation_outcome::repeated);
  EXPECT_EQ(rotate(held, "r1", "r2", now + 301h), rotation_outcome::rotated);
  EXPECT_EQ(rotate(held, "r0", "r1", now + 302h), rotation_outcome::reused);
  EXPECT_FALSE(find(held));
  EXPECT_EQ(rotate(held, "r2", "r3", now + 303h), rotation_outcome::gone);
}

TEST_P(session_store_contract, a_successor_that_was_used_as_it_is_ends_the_token_before_it) {
  const auto held = open();
  EXPECT_EQ(rotate(held, "r0", "r1"), rotation_outcome::rotated);
  ASSERT_TRUE(run(sessions->settle(held.id, "r0")));
  EXPECT_EQ(rotate(held, "r0", "r1"), rotation_outcome::repeated) << "it is not the current one";
  ASSERT_TRUE(run(sessions->settle(held.id, "r1")));
  EXPECT_EQ(rotate(held, "r0", "r1"), rotation_outcome::reused);
}

TEST_P(session_store_contract, of_many_rotations_at_once_all_get_the_same_successor) {
  const auto held = open();
  std::vector<std::future<result<rotation_outcome>>> tries;
  for (std::size_t i = 0; i < 16; ++i) {
    tries.push_back(boost::asio::co_spawn(database().loops().loop(i % 2),
                                          sessions->rotate(held.id, "r0", "r1", now),
                                          boost::asio::use_future));
  }
  int rotated = 0;
  for (auto& each : tries) {
    const auto outcome = each.get().value();
    if (outcome == rotation_outcome::rotated) ++rotated;
    EXPECT_TRUE(outcome == rotation_outcome::rotated || outcome == rotation_outcome::repeated);
  }
  EXPECT_EQ(rotated, 1);
  EXPECT_EQ(find(held)->refresh_hash, "r1");
}

TEST_P(session_store_contract, tells_which_sessions_were_revoked_after_a_version) {
  const auto one = open("a");
  const auto two = open("b");
  const auto three = open("c");
  const auto since = [&](std::int64_t version, std::size_t limit = 10) {
    return run(sessions->revoked_since(version, now, limit)).value();
  };
  const auto before = since(0).version;
  ASSERT_TRUE(run(sessions->revoke(one.id, now)));
  const auto first = since(before);
  EXPECT_EQ(first.sessions, std::vector<uuid>{one.id});
  ASSERT_TRUE(run(sessions->revoke_all(owner, now)));
  const auto rest = since(first.version);
  EXPECT_EQ(std::set<uuid>(rest.sessions.begin(), rest.sessions.end()),
            (std::set<uuid>{two.id, three.id}));
  EXPECT_FALSE(find(two));

  auto page = since(before, 2);
  EXPECT_EQ(page.sessions.size(), 2U);
  EXPECT_TRUE(page.more);
  page = since(page.version, 2);
  EXPECT_EQ(page.sessions.size(), 1U);
  EXPECT_FALSE(page.more);
}

TEST_P(session_store_contract, revoking_nothing_changes_nothing) {
  const auto held = open();
  ASSERT_TRUE(run(sessions->revoke(held.id, now)));
  const auto version = run(sessions->revoked_since(0, now, 10)).value().version;
  ASSERT_TRUE(run(sessions->revoke(held.id, now + 1s)));
  ASSERT_TRUE(run(sessions->revoke(make_uuid_v7(now), now)));
  ASSERT_TRUE(run(sessions->revoke_all(owner, now)));
  ASSERT_TRUE(run(sessions->revoke_all(make_uuid_v4(), now)));
  EXPECT_EQ(run(sessions->revoked_since(0, now, 10)).value().version, version);
}

TEST_P(session_store_contract, an_account_that_is_removed_has_its_sessions_revoked) {
  const auto held = open();
  ASSERT_TRUE(run(accounts->remove(owner, "handle", now)));
  EXPECT_EQ(run(sessions->revoked_since(0, now, 10)).value().sessions, std::vector<uuid>{held.id});
}

TEST_P(session_store_contract, revocations_are_forgotten_when_no_token_can_be_good) {
  const auto held = open();
  ASSERT_TRUE(run(sessions->revoke(held.id, now)));
  const auto at = [&](time_point when) {
    return run(sessions->revoked_since(0, when, 10)).value().sessions.size();
  };
  EXPECT_EQ(at(now + revocation_memory - 1s), 1U);
  EXPECT_EQ(at(now + revocation_memory), 0U);
  ASSERT_TRUE(run(sessions->sweep(now + revocation_memory)));
  EXPECT_EQ(at(now), 0U);
}

TEST_P(session_store_contract, sweeping_forgets_what_is_over_and_nothing_else) {
  const auto held = open();
  ASSERT_TRUE(run(sessions->sweep(now + 719h)));
  EXPECT_TRUE(find(held));
  ASSERT_TRUE(run(sessions->sweep(now + 720h)));
  EXPECT_FALSE(find(held));
}

TEST_P(session_store_contract, of_processes_that_make_a_key_at_once_all_get_the_first) {
  const auto keys = sql::create_key_store(db());
  EXPECT_FALSE(run(keys->find("signing")).value());
  std::vector<std::future<result<std::string>>> tries;
  for (std::size_t i = 0; i < 8; ++i) {
    tries.push_back(boost::asio::co_spawn(
        database().loops().loop(i % 2),
        keys->put_if_absent("signing", std::string("\0key ", 5) + std::to_string(i), now),
        boost::asio::use_future));
  }
  const auto first = tries.front().get().value();
  for (std::size_t i = 1; i < tries.size(); ++i) EXPECT_EQ(tries[i].get().value(), first);
  EXPECT_EQ(run(keys->find("signing")).value(), first);
}

}  // namespace
}  // namespace cruddur
