// What the user pool asks of its account store, on every engine.
#include "adapters/sql/account_store.hpp"

#include <gtest/gtest.h>

#include "adapters/sql/session_store.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;

const time_point now = from_unix_ms(1'795'000'000'000);
constexpr auto pending = 24h;

class account_store_contract : public test::database_test {
 protected:
  std::unique_ptr<account_store> accounts = sql::create_account_store(db(), vault(), index());
  std::unique_ptr<session_store> sessions = sql::create_session_store(db());

  static account person(const std::string& name) {
    return {.id = make_uuid_v4(),
            .email = name + "@example.com",
            .handle = name,
            .display_name = "\xc3\x84nn \xf0\x9f\x98\x80",
            .password = {std::string("\0salt\xff", 6), std::string("\0sealed\xff", 8)},
            .created_at = now};
  }
  static mailed_code code(code_purpose purpose, const std::string& hash,
                          const std::string& email = "ann@example.com") {
    return {purpose, hash, email, now + 15min, hash + " seed"};
  }
  result<> create(const account& who) {
    return run(
        accounts->create(who, code(code_purpose::sign_up, "hash"), who.created_at + pending));
  }
  // From an allowance of its own.
  code_offer put(const uuid& id, mailed_code given) {
    std::string destination = given.hash;
    return run(accounts->offer_code(id, std::move(given), std::move(destination), now)).value();
  }
  account confirmed(const std::string& name) {
    const auto who = person(name);
    EXPECT_TRUE(create(who));
    EXPECT_EQ(run(accounts->confirm(who.id, "hash", now)).value(), code_outcome::accepted);
    return who;
  }
  std::optional<account> find(const uuid& id, time_point at = now) {
    return run(accounts->find(id, at)).value();
  }
  session open_session(const uuid& owner) {
    session made{make_uuid_v7(now), owner, "refresh", "", now, now, now + 720h};
    EXPECT_TRUE(run(sessions->open(made, std::nullopt)));
    return made;
  }
  bool alive(const session& of) { return run(sessions->find(of.id, now)).value().has_value(); }
};

INSTANTIATE_TEST_SUITE_P(on, account_store_contract, test::engines(), test::engine_name);

TEST_P(account_store_contract, keeps_an_account_and_finds_it_by_each_name) {
  const auto who = person("ann");
  ASSERT_TRUE(create(who));
  for (const auto& found : {run(accounts->find(who.id, now)).value(),
                            run(accounts->find_by_email("ann@example.com", now)).value(),
                            run(accounts->find_by_handle("ann", now)).value()}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, who.id);
    EXPECT_EQ(found->email, who.email);
    EXPECT_EQ(found->display_name, who.display_name);
    EXPECT_EQ(found->password.salt, who.password.salt);
    EXPECT_EQ(found->password.sealed_verifier, who.password.sealed_verifier);
    EXPECT_EQ(found->status, account_status::unconfirmed);
    EXPECT_FALSE(found->email_verified);
    EXPECT_EQ(found->created_at, now);
  }
  EXPECT_FALSE(run(accounts->find_by_email("bob@example.com", now)).value());
}

TEST_P(account_store_contract, refuses_a_second_email_or_handle_and_keeps_nothing_of_it) {
  confirmed("ann");
  auto same_email = person("bob");
  same_email.email = "ann@example.com";
  EXPECT_EQ(create(same_email).error().codes.front(), "email_taken");
  auto same_handle = person("bob");
  same_handle.handle = "ann";
  EXPECT_EQ(create(same_handle).error().codes.front(), "handle_taken");
  EXPECT_FALSE(find(same_handle.id));
  EXPECT_EQ(run(accounts->confirm(same_handle.id, "hash", now)).value(), code_outcome::wrong);
}

TEST_P(account_store_contract, an_unconfirmed_account_gives_way_when_its_time_is_over) {
  const auto old = person("ann");
  ASSERT_TRUE(create(old));
  EXPECT_TRUE(find(old.id, now + pending - 1ms));
  EXPECT_FALSE(find(old.id, now + pending));
  auto next = person("ann");
  next.created_at = now + pending;
  EXPECT_TRUE(create(next));
  EXPECT_EQ(run(accounts->find_by_email("ann@example.com", now + pending)).value()->id, next.id);

  const auto kept = confirmed("bob");
  ASSERT_TRUE(run(accounts->sweep(now + 1000h)));
  EXPECT_FALSE(find(next.id));
  EXPECT_TRUE(find(kept.id, now + 1000h));
}

TEST_P(account_store_contract, a_code_serves_once) {
  const auto who = person("ann");
  ASSERT_TRUE(create(who));
  EXPECT_EQ(run(accounts->confirm(who.id, "other", now)).value(), code_outcome::wrong);
  EXPECT_EQ(find(who.id)->status, account_status::unconfirmed);
  EXPECT_EQ(run(accounts->confirm(who.id, "hash", now)).value(), code_outcome::accepted);
  EXPECT_EQ(run(accounts->confirm(who.id, "hash", now)).value(), code_outcome::used);
  const auto after = find(who.id);
  EXPECT_EQ(after->status, account_status::confirmed);
  EXPECT_TRUE(after->email_verified);
}

TEST_P(account_store_contract, a_code_expires_but_no_number_of_wrong_tries_spoils_it) {
  const auto who = person("ann");
  ASSERT_TRUE(create(who));
  EXPECT_EQ(run(accounts->confirm(who.id, "hash", now + 15min)).value(), code_outcome::expired);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(run(accounts->confirm(who.id, "other", now)).value(), code_outcome::wrong);
  }
  EXPECT_EQ(run(accounts->confirm(who.id, "hash", now)).value(), code_outcome::accepted);
}

TEST_P(account_store_contract, a_code_that_waits_stays_when_another_is_asked_for) {
  const auto who = confirmed("ann");
  EXPECT_EQ(put(who.id, code(code_purpose::password_reset, "first")).seed, "first seed");
  EXPECT_EQ(put(who.id, code(code_purpose::password_reset, "second")).seed, "first seed");
  EXPECT_EQ(run(accounts->reset_password(who.id, "second", {"s", "v"}, now)).value(),
            code_outcome::wrong);
  EXPECT_EQ(run(accounts->reset_password(who.id, "first", {"s", "v"}, now)).value(),
            code_outcome::accepted);
  EXPECT_EQ(put(who.id, code(code_purpose::password_reset, "third")).seed, "third seed");
}

TEST_P(account_store_contract, a_destination_gets_six_mails_an_hour_and_twenty_a_day_at_most) {
  std::vector<time_point> sent;
  for (auto at = now; at < now + 48h; at += 5min) {
    for (int i = 0; i < 5; ++i) {
      if (run(accounts->take_mail("ann", at)).value()) sent.push_back(at);
    }
  }
  const auto most_within = [&](std::chrono::milliseconds time) {
    std::ptrdiff_t most = 0;
    for (const auto from : sent) {
      most = std::max(most, std::ranges::count_if(sent, [&](time_point at) {
                        return at >= from && at < from + time;
                      }));
    }
    return most;
  };
  EXPECT_EQ(most_within(1ms), 4);
  EXPECT_LE(most_within(1h), 6);
  EXPECT_LE(most_within(24h), 20);
  EXPECT_GE(sent.size(), 25U);
  EXPECT_TRUE(run(accounts->take_mail("bob", now)).value());
}

TEST_P(account_store_contract, when_the_allowance_is_empty_the_last_code_gets_a_new_end) {
  const auto who = confirmed("ann");
  const auto ask = [&](const std::string& hash, time_point at) {
    mailed_code given{code_purpose::password_reset, hash, "", at + 15min, hash + " seed"};
    return run(accounts->offer_code(who.id, given, "ann", at)).value();
  };
  EXPECT_TRUE(ask("first", now).mailable);
  while (run(accounts->take_mail("ann", now)).value()) {
  }
  EXPECT_EQ(run(accounts->reset_password(who.id, "first", {"s", "v"}, now + 20min)).value(),
            code_outcome::expired);
  const auto late = ask("second", now + 20min);
  EXPECT_FALSE(late.mailable);
  EXPECT_EQ(late.seed, "first seed");
  EXPECT_EQ(run(accounts->reset_password(who.id, "first", {"s", "v"}, now + 20min)).value(),
            code_outcome::accepted);
}

TEST_P(account_store_contract, a_later_sign_up_takes_an_email_that_nobody_has_confirmed) {
  const auto stranger = person("mallory");
  ASSERT_TRUE(create(stranger));
  auto owner = person("ann");
  owner.email = stranger.email;
  ASSERT_TRUE(run(accounts->create(owner, code(code_purpose::sign_up, "mine"), now + pending)));
  EXPECT_FALSE(find(stranger.id));
  EXPECT_EQ(run(accounts->confirm(stranger.id, "hash", now)).value(), code_outcome::wrong);
  EXPECT_EQ(run(accounts->confirm(owner.id, "mine", now)).value(), code_outcome::accepted);
  auto late = person("late");
  late.email = owner.email;
  EXPECT_EQ(create(late).error().codes.front(), "email_taken");
}

TEST_P(account_store_contract, a_removed_accounts_handle_is_reserved_for_thirty_days) {
  const auto who = confirmed("ann");
  EXPECT_FALSE(run(accounts->is_reserved("mac", now)).value());
  ASSERT_TRUE(run(accounts->remove(who.id, "mac", now)));
  EXPECT_TRUE(run(accounts->is_reserved("mac", now)).value());
  EXPECT_TRUE(run(accounts->is_reserved("mac", now + handle_rest - 1ms)).value());
  EXPECT_FALSE(run(accounts->is_reserved("mac", now + handle_rest)).value());
  ASSERT_TRUE(run(accounts->remove(who.id, "mac", now + handle_rest)));
  EXPECT_FALSE(run(accounts->is_reserved("mac", now + handle_rest)).value());
}

TEST_P(account_store_contract, of_many_who_use_one_code_at_once_one_succeeds) {
  const auto who = confirmed("ann");
  put(who.id, code(code_purpose::password_reset, "reset"));
  std::vector<std::future<result<code_outcome>>> tries;
  for (int i = 0; i < 16; ++i) {
    const password_proof proof{"salt", "password " + std::to_string(i)};
    tries.push_back(boost::asio::co_spawn(database().loops().loop(static_cast<std::size_t>(i % 2)),
                                          accounts->reset_password(who.id, "reset", proof, now),
                                          boost::asio::use_future));
  }
  int accepted = 0;
  std::string winner;
  for (int i = 0; i < 16; ++i) {
    const auto outcome = tries[static_cast<std::size_t>(i)].get().value();
    if (outcome != code_outcome::accepted) continue;
    ++accepted;
    winner = "password " + std::to_string(i);
  }
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(find(who.id)->password.sealed_verifier, winner);
}

TEST_P(account_store_contract, a_reset_revokes_sessions_and_confirms) {
  const auto who = person("ann");
  ASSERT_TRUE(create(who));
  const auto other = confirmed("bob");
  const auto one = open_session(who.id);
  const auto theirs = open_session(other.id);
  const auto version = run(sessions->revoked_since(0, now, 10)).value().version;
  put(who.id, code(code_purpose::password_reset, "reset"));

  EXPECT_EQ(run(accounts->reset_password(who.id, "other", {"s", "v"}, now)).value(),
            code_outcome::wrong);
  EXPECT_TRUE(alive(one));
  EXPECT_EQ(run(sessions->revoked_since(0, now, 10)).value().version, version);
  EXPECT_EQ(run(accounts->reset_password(who.id, "reset", {"s", "v"}, now)).value(),
            code_outcome::accepted);
  EXPECT_FALSE(alive(one));
  EXPECT_TRUE(alive(theirs));
  EXPECT_EQ(run(sessions->revoked_since(version, now, 10)).value().sessions,
            std::vector<uuid>{one.id});
  EXPECT_EQ(find(who.id)->status, account_status::confirmed);
  EXPECT_EQ(find(who.id)->password.sealed_verifier, "v");
}

TEST_P(account_store_contract, an_email_changes_by_the_code_that_went_there) {
  const auto ann = confirmed("ann");
  const auto bob = confirmed("bob");
  const auto change = [&](const char* hash) {
    return run(accounts->change_email(ann.id, hash, now));
  };
  put(ann.id, code(code_purpose::email_change, "taken", "bob@example.com"));
  EXPECT_EQ(change("taken").error().codes.front(), "email_taken");
  put(ann.id, code(code_purpose::email_change, "mine", "ann@new.example"));
  put(ann.id, code(code_purpose::password_reset, "reset"));
  EXPECT_EQ(run(accounts->code_address(ann.id, code_purpose::email_change, now)).value(),
            "ann@new.example");
  EXPECT_EQ(change("mine").value(), code_outcome::accepted);
  EXPECT_EQ(find(ann.id)->email, "ann@new.example");
  EXPECT_FALSE(run(accounts->code_address(ann.id, code_purpose::email_change, now)).value());
  // What went to the old address opens nothing any more.
  EXPECT_EQ(run(accounts->reset_password(ann.id, "reset", {"s", "v"}, now)).value(),
            code_outcome::wrong);
}

TEST_P(account_store_contract, a_new_password_keeps_one_session_and_ends_the_others) {
  const auto who = confirmed("ann");
  const auto here = open_session(who.id);
  const auto elsewhere = open_session(who.id);
  ASSERT_TRUE(run(accounts->change_password(who.id, {"s2", "v2"}, here.id, now)));
  EXPECT_TRUE(alive(here));
  EXPECT_FALSE(alive(elsewhere));
  EXPECT_EQ(find(who.id)->password.salt, "s2");
}

TEST_P(account_store_contract, removing_an_account_leaves_no_session_code_or_name) {
  const auto who = confirmed("ann");
  const auto held = open_session(who.id);
  put(who.id, code(code_purpose::password_reset, "reset"));
  ASSERT_TRUE(run(accounts->remove(who.id, "ann's handle", now)));
  ASSERT_TRUE(run(accounts->remove(who.id, "ann's handle", now)));
  EXPECT_FALSE(alive(held));
  EXPECT_FALSE(find(who.id));
  put(who.id, code(code_purpose::password_reset, "again"));
  EXPECT_TRUE(create(person("ann")));
}

}  // namespace
}  // namespace cruddur
