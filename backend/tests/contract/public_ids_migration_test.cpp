// A database of a release whose public ids were those of the accounts: everybody gets a public id
// of their own, and keeps all that is theirs.
#include <gtest/gtest.h>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/clear_texts.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/profile_store.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;

const time_point now = from_unix_ms(1'795'000'000'000);

static const sql::statement insert_account{
    "insert_account",
    "INSERT INTO pool_accounts (uuid, email, handle, display_name, salt, sealed_verifier, "
    "created_at) VALUES ($1, $2, $3, $3, $4, $5, $6)"};
const sql::statement insert_person{
    "insert_person",
    "INSERT INTO users (uuid, handle, display_name, created_at) VALUES ($1, $2, $2, $3)"};
const sql::statement insert_post{
    "insert_post",
    "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token) "
    "VALUES ($1, $2, 'mine', $3, $4, $5)"};
const sql::statement insert_reply{
    "insert_reply",
    "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, reply_to_uuid, "
    "root_uuid) VALUES ($1, $2, 'an answer', $3, $4, $5, $5)"};
const sql::statement insert_like{
    "insert_like", "INSERT INTO likes (activity_uuid, user_uuid, created_at) VALUES ($1, $2, $3)"};

class public_ids_migration : public test::database_test {
 protected:
  public_ids_migration() : test::database_test{test::schema::none} {}

  std::unique_ptr<activity_store> activities;
  std::unique_ptr<profile_store> profiles;
  std::unique_ptr<account_store> accounts;
  uuid ann = make_uuid_v4();
  uuid bob = make_uuid_v4();
  uuid post = make_uuid_v7(now);
  uuid reply = make_uuid_v7(now);

  void migrate() {
    ASSERT_TRUE(database().migrate());
    activities = sql::create_activity_store(db(), vault());
    profiles = sql::create_profile_store(db(), vault(), index());
    accounts = sql::create_account_store(db(), vault(), index());
  }

  void write(const sql::statement& text, sql::parameters values) {
    ASSERT_TRUE(run(db().write_one(text, std::move(values))));
  }

  void SetUp() override {
    const auto own = sql::migrations_for(db().kind());
    ASSERT_TRUE(sql::migrate_up(db(), own.first(2)));
    const auto at = to_unix_ms(now);
    const auto end = to_unix_ms(now + 24h);
    for (const auto& [id, name] : {std::pair{ann, "ann"}, std::pair{bob, "bob"}}) {
      write(insert_account, {id, std::string{name} + "@example.com", std::string{name},
                             sql::bytes{"salt"}, sql::bytes{"verifier"}, at});
      write(insert_person, {id, std::string{name}, at});
    }
    write(insert_post, {post, ann, at, end, make_uuid_v4()});
    write(insert_reply, {reply, bob, at, end, post});
    write(insert_like, {post, bob, at});
    write(insert_like, {reply, ann, at});
  }
};

INSTANTIATE_TEST_SUITE_P(on, public_ids_migration, test::engines(), test::engine_name);

TEST_P(public_ids_migration, gives_everybody_a_new_id_and_leaves_them_what_they_have) {
  migrate();
  const auto id = run(profiles->find_id(ann)).value();
  ASSERT_TRUE(id);
  EXPECT_NE(*id, ann);
  EXPECT_TRUE(parse_uuid(to_string(*id)));
  EXPECT_EQ(run(profiles->find(*id)).value()->handle, "ann");
  EXPECT_FALSE(run(profiles->find(ann)).value());

  const auto mine = run(activities->find({.viewer = id, .now = now}, post)).value().live;
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->author, *id);
  EXPECT_EQ(mine->handle, "ann");
  EXPECT_EQ(mine->counts.likes, 1);
  EXPECT_EQ(mine->counts.replies, 1);
  EXPECT_EQ(mine->counts.revision, 2);
  EXPECT_FALSE(mine->liked);
  const auto theirs = run(activities->find({.viewer = id, .now = now}, reply)).value().live;
  ASSERT_TRUE(theirs);
  EXPECT_NE(theirs->author, bob);
  EXPECT_EQ(theirs->handle, "bob");
  EXPECT_TRUE(theirs->liked);
  EXPECT_EQ(theirs->counts.likes, 1);
}

TEST_P(public_ids_migration, leaves_accounts_and_their_verifiers_as_they_are) {
  migrate();
  const auto account = run(accounts->find(ann, now)).value();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->email, "ann@example.com");
  EXPECT_EQ(account->password.sealed_verifier, "verifier");
}

TEST_P(public_ids_migration, keeps_the_references_so_that_an_account_can_end) {
  migrate();
  const auto id = run(profiles->find_id(bob)).value();
  ASSERT_TRUE(id);
  ASSERT_TRUE(run(activities->remove_author(*id, now)));
  EXPECT_FALSE(run(profiles->find_id(bob)).value());
  EXPECT_EQ(run(activities->find({.now = now}, post)).value().live->counts.likes, 0);
  EXPECT_EQ(run(activities->find({.now = now}, post)).value().live->counts.replies, 0);
}

TEST_P(public_ids_migration, can_be_undone) {
  const auto own = sql::migrations_for(db().kind());
  const auto known = own.first(sql::clear_texts_end - 1);  // what follows can't be undone
  ASSERT_TRUE(sql::migrate_up(db(), known));
  while (sql::migration_plan(db(), known)->empty() ||
         sql::migration_plan(db(), known)->front() != "public_ids") {
    ASSERT_TRUE(sql::migrate_down(db(), known));
  }
  const auto found =
      run(db().read("SELECT u.uuid FROM activities a JOIN users u ON u.uuid = a.user_uuid "
                    "WHERE a.uuid = $1"_sql,
                    {post}));
  EXPECT_EQ(found->rows.at(0).id(0), ann);
}

}  // namespace
}  // namespace cruddur
