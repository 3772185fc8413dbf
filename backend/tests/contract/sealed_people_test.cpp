// What is known of people is stored sealed, and ends with its keys, on each engine.
#include <gmock/gmock.h>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/profile_store.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

class sealed_people : public test::database_test {
 protected:
  account person(const std::string& name) const {
    return {.id = make_uuid_v4(),
            .email = name + "@example.com",
            .handle = name,
            .display_name = "The " + name,
            .password = {"salt", "verifier"},
            .created_at = now};
  }
  static mailed_code code(code_purpose purpose, const std::string& email = {}) {
    return {purpose, "hash", email, from_unix_ms(0) + 1'000'000h, "seed"};
  }
  account pending(const std::string& name) {
    account made = person(name);
    EXPECT_TRUE(run(accounts->create(made, code(code_purpose::sign_up), now + 24h)));
    return made;
  }
  account confirmed(const std::string& name) {
    account made = pending(name);
    EXPECT_EQ(*run(accounts->confirm(made.id, "hash", now)), code_outcome::accepted);
    EXPECT_TRUE(run(profiles->create(made.id, {make_uuid_v4(), name, made.display_name, "", now})));
    return made;
  }
  std::vector<key_slot> slots(const sql::statement& query) {
    std::vector<key_slot> out;
    for (const auto& row : run(db().read(query, {}))->rows) out.push_back(row.integer(0));
    return out;
  }
  std::vector<key_slot> all_slots() {
    return slots(
        "SELECT slot FROM users UNION ALL SELECT slot FROM pool_accounts "
        "UNION ALL SELECT slot FROM pool_codes WHERE slot IS NOT NULL"_sql);
  }
  std::vector<key_slot> ended_slots() { return slots("SELECT slot FROM ended_keys"_sql); }

  time_point now = from_unix_ms(1'795'000'000'000);
  std::unique_ptr<account_store> accounts = sql::create_account_store(db(), vault(), index());
  std::unique_ptr<profile_store> profiles = sql::create_profile_store(db(), vault(), index());
  std::unique_ptr<ended_keys> ended = sql::create_ended_keys(db());
};

INSTANTIATE_TEST_SUITE_P(on, sealed_people, test::engines(), test::engine_name);

TEST_P(sealed_people, end_all_their_keys_with_their_account) {
  const account ann = confirmed("ann");
  ASSERT_TRUE(run(accounts->offer_code(ann.id, code(code_purpose::email_change, "new@example.com"),
                                       "new@example.com", now)));
  const auto before = all_slots();
  ASSERT_EQ(before.size(), 3U);
  EXPECT_THAT(run(ended->in_use(before)).value(), UnorderedElementsAreArray(before));
  ASSERT_TRUE(run(accounts->remove(ann.id, ann.handle, now)));
  EXPECT_THAT(ended_slots(), UnorderedElementsAreArray(before));
  EXPECT_THAT(run(ended->in_use(before)).value(), IsEmpty());
}

TEST_P(sealed_people, whose_sign_up_was_never_confirmed_end_with_its_time) {
  pending("ann");
  const auto before = all_slots();
  ASSERT_TRUE(run(accounts->sweep(now + 24h)));
  EXPECT_THAT(ended_slots(), UnorderedElementsAreArray(before));
}

TEST_P(sealed_people, whose_unconfirmed_sign_up_is_taken_over_end_with_that) {
  pending("ann");
  const auto before = all_slots();
  auto owner = person("bob");
  owner.email = "ann@example.com";
  ASSERT_TRUE(run(accounts->create(owner, code(code_purpose::sign_up), now + 24h)));
  EXPECT_THAT(ended_slots(), UnorderedElementsAreArray(before));
}

TEST_P(sealed_people, leave_nothing_of_an_old_email) {
  const account ann = confirmed("ann");
  const auto old = slots("SELECT slot FROM pool_accounts"_sql);
  ASSERT_TRUE(run(accounts->offer_code(ann.id, code(code_purpose::email_change, "new@example.com"),
                                       "new@example.com", now)));
  EXPECT_EQ(run(accounts->code_address(ann.id, code_purpose::email_change, now)).value(),
            "new@example.com");
  ASSERT_EQ(*run(accounts->change_email(ann.id, "hash", now)), code_outcome::accepted);
  EXPECT_EQ(run(accounts->find_by_email("new@example.com", now)).value()->handle, "ann");
  EXPECT_FALSE(run(accounts->find_by_email("ann@example.com", now)).value());
  EXPECT_THAT(ended_slots(), UnorderedElementsAreArray(old));
  EXPECT_THAT(vault().take_dropped(), IsEmpty());
}

TEST_P(sealed_people, end_the_key_of_a_code_that_another_one_replaces) {
  const account ann = confirmed("ann");
  const auto ask = [&](const std::string& email) {
    return run(accounts->offer_code(ann.id, code(code_purpose::email_change, email), email, now));
  };
  ASSERT_TRUE(ask("first@example.com"));
  const auto first = slots("SELECT slot FROM pool_codes WHERE slot IS NOT NULL"_sql);
  ASSERT_TRUE(ask("first@example.com"));
  EXPECT_EQ(slots("SELECT slot FROM pool_codes WHERE slot IS NOT NULL"_sql), first);
  EXPECT_EQ(vault().take_dropped().size(), 1U) << "of the code that stayed";
  ASSERT_TRUE(ask("second@example.com"));
  EXPECT_THAT(ended_slots(), UnorderedElementsAreArray(first));
  ASSERT_TRUE(run(accounts->sweep(from_unix_ms(0) + 1'000'000h)));
  EXPECT_THAT(slots("SELECT slot FROM pool_codes WHERE slot IS NOT NULL"_sql), IsEmpty());
  EXPECT_EQ(ended_slots().size(), 2U);
}

TEST_P(sealed_people, that_were_not_stored_leave_no_key) {
  const account ann = confirmed("ann");
  auto same = person("bob");
  same.email = ann.email;
  EXPECT_FALSE(run(accounts->create(same, code(code_purpose::sign_up), now + 24h)));
  EXPECT_FALSE(run(profiles->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Other", "", now})));
  EXPECT_TRUE(run(profiles->create(ann.id, {make_uuid_v4(), "ann", "Again", "", now})));
  EXPECT_EQ(vault().take_dropped().size(), 3U);
  EXPECT_THAT(vault().take_doubtful(0s), IsEmpty());
}

TEST_P(sealed_people, that_are_lost_are_nobody_and_harm_no_other) {
  const account ann = confirmed("ann");
  confirmed("bob");
  const auto lost = run(db().read("SELECT slot FROM pool_accounts WHERE uuid = $1"_sql, {ann.id}));
  ASSERT_TRUE(run(database().keys().destroy({lost->rows.at(0).integer(0)})));
  EXPECT_FALSE(run(accounts->find_by_email("ann@example.com", now)).value());
  EXPECT_TRUE(run(accounts->find_by_email("bob@example.com", now)).value());
  ASSERT_TRUE(run(vault().count_lost(*ended)));
  EXPECT_EQ(vault().lost(), 1U);
}

}  // namespace
}  // namespace cruddur
