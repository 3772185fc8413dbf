// Names are found by MACs under a key that is renewed, on each engine.
#include "adapters/sql/blind_index.hpp"

#include <gmock/gmock.h>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/index_renewal.hpp"
#include "adapters/sql/key_table.hpp"
#include "adapters/sql/profile_store.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;
using sql::blind_index;
using sql::name_kind;
using testing::IsEmpty;
using testing::Not;

class blind_index_contract : public test::database_test {
 protected:
  static mailed_code code(code_purpose purpose, const std::string& email = {}) {
    return {purpose, "hash", email, from_unix_ms(0) + 1'000'000h, "seed"};
  }
  account person(const std::string& name) const {
    return {.id = make_uuid_v4(),
            .email = name + "@example.com",
            .handle = name,
            .display_name = "The " + name,
            .password = {"salt", "verifier"},
            .created_at = now};
  }
  // With a profile.
  account add(const std::string& name) {
    account made = person(name);
    EXPECT_TRUE(run(accounts->create(made, code(code_purpose::sign_up), now + 24h)));
    EXPECT_EQ(*run(accounts->confirm(made.id, "hash", now)), code_outcome::accepted);
    EXPECT_TRUE(run(profiles->create(made.id, {make_uuid_v4(), name, made.display_name, "", now})));
    return made;
  }
  bool finds(const std::string& name) {
    const auto by_email = run(accounts->find_by_email(name + "@example.com", now)).value();
    const auto by_handle = run(accounts->find_by_handle(name, now)).value();
    const auto shown = run(profiles->find_by_handle(name)).value();
    const auto existing = run(profiles->existing({name, "nobody"})).value();
    EXPECT_EQ(by_email.has_value(), by_handle.has_value());
    EXPECT_EQ(by_email.has_value(), shown.has_value());
    EXPECT_EQ(by_email.has_value(), existing == std::vector<std::string>{name});
    return by_email && by_email->handle == name && shown->display_name == "The " + name;
  }
  void step() { EXPECT_TRUE(run(renewal.run(now))); }
  // The whole of a renewal, from the key's last day to the end of the one before.
  void renew() {
    now += blind_index::life;
    step();
    now += blind_index::notice;
    step();
    now += blind_index::notice;
    step();
  }
  std::int64_t count(const sql::statement& query) {
    return run(db().read(query, {}))->rows.at(0).integer(0);
  }
  std::int64_t keys() { return count("SELECT count(*) FROM index_keys"_sql); }

  // A little later than the index is made.
  time_point now = system_clock{}.now() + 1min;
  sql::index_renewal renewal{db(), vault(), index()};
  std::unique_ptr<account_store> accounts = sql::create_account_store(db(), vault(), index());
  std::unique_ptr<profile_store> profiles = sql::create_profile_store(db(), vault(), index());
};

INSTANTIATE_TEST_SUITE_P(on, blind_index_contract, test::engines(), test::engine_name);

TEST_P(blind_index_contract, finds_everybody_at_each_step_of_a_renewal) {
  add("ann");
  const auto first = index().generation();
  step();
  EXPECT_EQ(keys(), 1);
  now += blind_index::life;
  step();
  EXPECT_EQ(keys(), 2);
  EXPECT_EQ(index().generation(), first);
  EXPECT_TRUE(finds("ann"));
  add("bob");
  now += blind_index::notice;
  ASSERT_EQ(*run(index().renew(now)), blind_index::step::switched);
  EXPECT_GT(index().generation(), first);
  EXPECT_TRUE(finds("ann")) << "by the replaced key";
  add("carl");
  step();
  EXPECT_EQ(count("SELECT count(DISTINCT index_key) FROM users"_sql), 1);
  EXPECT_EQ(count("SELECT count(DISTINCT index_key) FROM pool_accounts"_sql), 1);
  now += blind_index::notice;
  step();
  EXPECT_EQ(keys(), 1);
  EXPECT_EQ(count("SELECT count(*) FROM ended_keys"_sql), 1);
  for (const char* name : {"ann", "bob", "carl"}) EXPECT_TRUE(finds(name)) << name;
  EXPECT_FALSE(finds("dora"));
}

TEST_P(blind_index_contract, refuses_a_name_that_stands_under_the_replaced_key) {
  add("ann");
  add("bob");
  now += blind_index::life;
  step();
  now += blind_index::notice;
  ASSERT_EQ(*run(index().renew(now)), blind_index::step::switched);
  auto same_email = person("carl");
  same_email.email = "ann@example.com";
  const auto refusal = [&](const account& who) {
    return run(accounts->create(who, code(code_purpose::sign_up), now + 24h)).error().codes.front();
  };
  EXPECT_EQ(refusal(same_email), "email_taken");
  auto same_handle = person("carl");
  same_handle.handle = "ann";
  EXPECT_EQ(refusal(same_handle), "handle_taken");
  EXPECT_EQ(run(profiles->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Other", "", now}))
                .error()
                .codes.front(),
            "handle_taken");
  const uuid bob = run(accounts->find_by_handle("bob", now)).value()->id;
  auto change = code(code_purpose::email_change, "ann@example.com");
  ASSERT_TRUE(run(accounts->offer_code(bob, change, "ann@example.com", now)));
  EXPECT_EQ(run(accounts->change_email(bob, "hash", now)).error().codes.front(), "email_taken");
}

TEST_P(blind_index_contract, serves_a_server_that_has_not_heard_of_the_switch) {
  add("ann");
  blind_index late{db(), vault()};
  ASSERT_TRUE(run(late.open(now)));
  const auto there = sql::create_account_store(db(), vault(), late);
  const auto profiles_there = sql::create_profile_store(db(), vault(), late);
  now += blind_index::life;
  step();
  ASSERT_TRUE(run(late.refresh()));
  now += blind_index::notice;
  step();
  ASSERT_LT(late.generation(), index().generation());
  EXPECT_TRUE(run(there->find_by_email("ann@example.com", now)).value());
  EXPECT_TRUE(run(profiles_there->find_by_handle("ann")).value());
  // It writes under the key that is current now, not under the one that it knew.
  auto taken = person("ann");
  taken.email = "other@example.com";
  EXPECT_FALSE(run(there->create(taken, code(code_purpose::sign_up), now + 24h)));
  ASSERT_TRUE(run(there->create(person("bob"), code(code_purpose::sign_up), now + 24h)));
  EXPECT_EQ(late.generation(), index().generation());
  EXPECT_EQ(count("SELECT count(DISTINCT index_key) FROM pool_accounts"_sql), 1);
}

TEST_P(blind_index_contract, keeps_a_key_until_the_reservations_under_it_have_lapsed) {
  const account ann = add("ann");
  now += 20 * 24h;
  ASSERT_TRUE(run(accounts->remove(ann.id, ann.handle, now)));
  const time_point removed = now;
  now += 10 * 24h;
  step();
  now += blind_index::notice;
  step();
  now += blind_index::notice;
  step();
  EXPECT_EQ(keys(), 2);
  EXPECT_TRUE(*run(accounts->is_reserved("ann", now)));
  now = removed + handle_rest;
  EXPECT_FALSE(*run(accounts->is_reserved("ann", now)));
  step();
  EXPECT_EQ(keys(), 1);
}

TEST_P(blind_index_contract, gives_nobody_who_guesses_names_a_match_in_an_old_copy) {
  const account ann = add("ann");
  std::vector<std::string> copy;
  const auto kept = run(db().read(
      "SELECT email_mac, handle_mac FROM pool_accounts UNION ALL SELECT handle_mac, '' FROM users"_sql,
      {}));
  for (const auto& row : kept->rows) {
    copy.push_back(row.text(0));
    copy.push_back(row.text(1));
  }
  const uuid stand_in = index().stand_in(ann.id);
  ASSERT_TRUE(run(accounts->remove(ann.id, ann.handle, now)));
  ASSERT_THAT(copy, testing::Contains(index().macs(name_kind::email, ann.email).current));
  renew();
  renew();
  EXPECT_EQ(keys(), 1);
  for (const auto kind : {name_kind::email, name_kind::handle, name_kind::destination}) {
    for (const std::string& name : {ann.email, ann.handle}) {
      const auto macs = index().macs(kind, name);
      EXPECT_THAT(copy, Not(testing::Contains(macs.current)));
      EXPECT_THAT(copy, Not(testing::Contains(macs.other)));
    }
  }
  EXPECT_NE(index().stand_in(ann.id), stand_in);
}

TEST_P(blind_index_contract, is_made_anew_when_its_key_is_lost) {
  add("ann");
  const key_slot slot = count("SELECT slot FROM index_keys"_sql);
  ASSERT_TRUE(run(database().keys().destroy({slot})));
  blind_index again{db(), vault()};
  ASSERT_TRUE(run(again.open(now)));
  sql::index_renewal renewed{db(), vault(), again};
  ASSERT_TRUE(run(renewed.run(now)));
  const auto there = sql::create_account_store(db(), vault(), again);
  EXPECT_TRUE(run(there->find_by_email("ann@example.com", now)).value());
  ASSERT_TRUE(run(renewed.run(now + blind_index::notice)));
  EXPECT_EQ(keys(), 1) << "the lost one is forgotten";
}

// Also where keys come with the rows: then a look for a key would be a read that tells.
TEST_P(blind_index_contract, costs_as_many_reads_for_a_name_of_nobody) {
  add("ann");
  const auto reads = [&](account_store& store, const std::string& email) {
    const auto before = db().counts().reads;
    EXPECT_TRUE(run(store.find_by_email(email, now)));
    return db().counts().reads - before;
  };
  EXPECT_EQ(reads(*accounts, "ann@example.com"), reads(*accounts, "nobody@example.com"));
  if (db().kind() == sql::engine::sqlite) return;
  const system_clock clock;
  sql::key_table table{db(), clock};
  sql::content_vault with_rows{table};
  blind_index in_table{db(), with_rows};
  ASSERT_TRUE(run(in_table.open(now)));
  const auto there = sql::create_account_store(db(), with_rows, in_table);
  ASSERT_TRUE(run(there->create(person("bob"), code(code_purpose::sign_up), now + 24h)));
  EXPECT_EQ(reads(*there, "bob@example.com"), reads(*there, "nobody@example.com"));
}

TEST_P(blind_index_contract, tells_kinds_of_names_apart) {
  const auto macs = index().macs(name_kind::email, "ann");
  EXPECT_EQ(macs.current, macs.other);
  EXPECT_EQ(macs.current.size(), 22U);
  EXPECT_NE(macs.current, index().macs(name_kind::handle, "ann").current);
  EXPECT_NE(macs.current, index().macs(name_kind::email, "bob").current);
}

}  // namespace
}  // namespace cruddur
