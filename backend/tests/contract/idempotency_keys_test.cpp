// What the activity store promises of repeated requests, run on each engine.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/retention.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr time_point start = from_unix_ms(1'800'000'000'000);

class idempotency_keys : public test::database_test {
 protected:
  idempotency_keys() {
    ann_ = add_profile("ann");
    bob_ = add_profile("bob");
  }

  uuid add_profile(const std::string& handle) {
    const profile made{make_uuid_v4(), handle, "The " + handle, "", start};
    EXPECT_TRUE(run(profiles_->create(make_uuid_v4(), made)));
    return made.id;
  }

  result<activity> post(uuid author, uuid token, std::string request = "a request",
                        time_point at = start) {
    return run(store_->create_post(
        {make_uuid_v7(at), author, "a post", at, idempotency_key{token, std::move(request)}},
        at + hours{1}));
  }

  result<reply_outcome> reply(uuid author, uuid parent, uuid token,
                              std::string request = "a request", time_point at = start) {
    return run(store_->create_reply(
        {make_uuid_v7(at), author, "a reply", at, idempotency_key{token, std::move(request)}},
        parent));
  }

  template <class T>
  static std::string code_of(const result<T>& outcome) {
    return outcome ? "" : outcome.error().codes.front();
  }

  std::int64_t count(const sql::statement& query) {
    return run(db().read(query, {}))->rows.at(0).integer(0);
  }
  std::int64_t keys() { return count("SELECT count(*) FROM idempotency_keys"_sql); }
  std::int64_t rows() { return count("SELECT count(*) FROM activities"_sql); }

  void sweep(time_point now) {
    for (bool more = true; more;) more = run(retention_->sweep(now, 100))->more;
  }

  void forget(time_point now) {
    while (*run(retention_->forget_keys(now, 2))) {
    }
  }

  std::unique_ptr<activity_store> store_ = sql::create_activity_store(db(), vault());
  std::unique_ptr<retention> retention_ = sql::create_retention(db());
  std::unique_ptr<profile_store> profiles_ = sql::create_profile_store(db(), vault(), index());
  uuid ann_;
  uuid bob_;
};

INSTANTIATE_TEST_SUITE_P(on, idempotency_keys, test::engines(), test::engine_name);

TEST_P(idempotency_keys, make_one_activity_each_per_author) {
  const uuid token = make_uuid_v4();
  const auto first = post(ann_, token);
  const auto again = post(ann_, token);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(again->id, first->id);
  EXPECT_NE(post(bob_, token)->id, first->id);
  EXPECT_EQ(rows(), 2);

  const uuid other = make_uuid_v4();
  const auto answer = reply(bob_, first->id, other);
  EXPECT_EQ(reply(bob_, first->id, other)->reply.id, answer->reply.id);
  EXPECT_EQ(run(store_->find({.now = start}, first->id))->live->counts.replies, 1);
  EXPECT_TRUE(*run(store_->knows_key(bob_, other)));
  EXPECT_FALSE(*run(store_->knows_key(ann_, other)));
}

TEST_P(idempotency_keys, serve_no_other_request) {
  const uuid token = make_uuid_v4();
  const auto first = post(ann_, token, "one");
  EXPECT_EQ(code_of(post(ann_, token, "two")), "idempotency_key_reused");
  EXPECT_EQ(code_of(reply(ann_, first->id, token, "two")), "idempotency_key_reused");
  EXPECT_EQ(code_of(reply(ann_, make_uuid_v4(), token, "two")), "idempotency_key_reused");
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(post(ann_, token, "one")->id, first->id);
}

TEST_P(idempotency_keys, make_nothing_after_a_deletion_for_a_day) {
  const uuid alone = make_uuid_v4();
  const uuid answered = make_uuid_v4();
  const auto childless = post(ann_, alone);
  const auto tombstone = post(ann_, answered);
  ASSERT_TRUE(reply(bob_, tombstone->id, make_uuid_v4()));
  const time_point end = start + milliseconds{5};
  ASSERT_TRUE(run(store_->remove({.now = end}, *childless)));
  ASSERT_TRUE(run(store_->remove({.now = end}, *tombstone)));
  const auto before = rows();
  for (const time_point at : {end, end + hours{24} - milliseconds{1}}) {
    forget(at);
    EXPECT_EQ(code_of(post(ann_, alone, "a request", at)), "activity_deleted");
    EXPECT_EQ(code_of(post(ann_, answered, "another", at)), "activity_deleted");
    EXPECT_EQ(code_of(reply(ann_, tombstone->id, alone, "another", at)), "activity_deleted");
  }
  EXPECT_EQ(rows(), before);
  forget(end + hours{24});
  EXPECT_FALSE(*run(store_->knows_key(ann_, alone)));
  EXPECT_TRUE(post(ann_, alone, "a request", end + hours{24}));
}

TEST_P(idempotency_keys, make_nothing_after_an_expiry_for_a_day) {
  const uuid token = make_uuid_v4();
  const uuid answers = make_uuid_v4();
  const auto root = post(ann_, token);
  ASSERT_TRUE(reply(bob_, root->id, answers));
  const time_point end = root->expires_at;
  EXPECT_EQ(code_of(post(ann_, token, "a request", end)), "activity_expired") << "unswept";
  sweep(end);
  for (const time_point at : {end, end + hours{24} - milliseconds{1}}) {
    forget(at);
    EXPECT_EQ(code_of(post(ann_, token, "a request", at)), "activity_expired");
    EXPECT_EQ(code_of(post(ann_, token, "another", at)), "activity_expired");
    EXPECT_EQ(code_of(reply(bob_, root->id, answers, "a request", at)), "activity_expired");
  }
  EXPECT_EQ(rows(), 0);
  forget(end + hours{24});
  EXPECT_EQ(keys(), 0);
}

TEST_P(idempotency_keys, keep_nothing_of_the_request_after_its_end) {
  const auto first = post(ann_, make_uuid_v4());
  const auto second = post(ann_, make_uuid_v4());
  ASSERT_TRUE(reply(bob_, second->id, make_uuid_v4()));
  EXPECT_EQ(count("SELECT count(*) FROM activities WHERE request_mac IS NOT NULL"_sql), 3);
  ASSERT_TRUE(run(store_->remove({.now = start}, *first)));
  ASSERT_TRUE(run(store_->remove({.now = start}, *second)));
  EXPECT_EQ(count("SELECT count(*) FROM activities WHERE request_mac IS NOT NULL"_sql), 1);
  EXPECT_EQ(count("SELECT count(*) FROM idempotency_keys WHERE activity_uuid IS NOT NULL"_sql), 1);
  sweep(second->expires_at);
  EXPECT_EQ(count("SELECT count(*) FROM idempotency_keys WHERE activity_uuid IS NOT NULL"_sql), 0);
}

TEST_P(idempotency_keys, of_requests_that_made_nothing_are_free) {
  const uuid token = make_uuid_v4();
  EXPECT_EQ(code_of(reply(ann_, make_uuid_v4(), token)), "activity_not_found");
  EXPECT_EQ(code_of(post(make_uuid_v4(), token)), "profile_missing");
  EXPECT_EQ(keys(), 0);
  EXPECT_TRUE(post(ann_, token, "another request"));
}

TEST_P(idempotency_keys, of_a_reply_answer_also_when_its_parent_has_been_deleted) {
  const auto root = post(ann_, make_uuid_v4());
  const uuid token = make_uuid_v4();
  const auto first = reply(bob_, root->id, token);
  ASSERT_TRUE(run(store_->remove({.now = start}, *root)));
  const auto again = reply(bob_, root->id, token);
  ASSERT_TRUE(again) << again.error().codes.front();
  EXPECT_EQ(again->reply.id, first->reply.id);
}

TEST_P(idempotency_keys, end_with_their_account) {
  const auto root = post(ann_, make_uuid_v4());
  ASSERT_TRUE(reply(bob_, root->id, make_uuid_v4()));
  ASSERT_TRUE(run(store_->remove_author(ann_, start)));
  EXPECT_EQ(keys(), 1);
  EXPECT_EQ(count("SELECT count(*) FROM activities WHERE request_mac IS NOT NULL"_sql), 1);
}

TEST_P(idempotency_keys, let_one_of_many_at_once_make_something) {
  const uuid token = make_uuid_v4();
  const auto twelve_times = [](activity_store& store, uuid author,
                               uuid token) -> task<std::vector<uuid>> {
    std::vector<uuid> made;
    for (int i = 0; i < 12; ++i) {
      auto post = co_await store.create_post(
          {make_uuid_v7(start), author, "a post", start, idempotency_key{token, "a request"}},
          start + hours{1});
      if (post) made.push_back(post->id);
    }
    co_return made;
  };
  std::vector<std::future<std::vector<uuid>>> all;
  for (std::size_t i = 0; i < 8; ++i) {
    all.push_back(boost::asio::co_spawn(database().loops().loop(i % 2),
                                        twelve_times(*store_, ann_, token),
                                        boost::asio::use_future));
  }
  std::vector<uuid> made;
  for (auto& each : all) {
    const auto got = each.get();
    made.insert(made.end(), got.begin(), got.end());
  }
  EXPECT_EQ(made.size(), 96U);
  EXPECT_THAT(made, testing::Each(made.front()));
  EXPECT_EQ(rows(), 1);
}

class older_idempotency_keys : public test::database_test {
 protected:
  older_idempotency_keys() : test::database_test{test::schema::none} {}
};

INSTANTIATE_TEST_SUITE_P(on, older_idempotency_keys, test::engines(), test::engine_name);

TEST_P(older_idempotency_keys, go_on_serving_after_the_migration) {
  const auto own = sql::migrations_for(db().kind());
  const auto found = std::ranges::find_if(own, [](const sql::migration& each) {
    return std::string_view{each.name}.find("idempotency_keys") != std::string_view::npos;
  });
  ASSERT_NE(found, own.end());
  const auto before = static_cast<std::size_t>(found - own.begin());
  ASSERT_TRUE(sql::migrate_up(db(), own.first(before)));
  const uuid author = make_uuid_v4();
  const uuid token = make_uuid_v4();
  const uuid id = make_uuid_v7(start);
  static const sql::statement insert_user{
      "insert_user",
      "INSERT INTO users (uuid, handle, display_name, created_at) VALUES ($1, 'ann', 'Ann', $2)"};
  static const sql::statement insert_activity{
      "insert_activity",
      "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, client_token) "
      "VALUES ($1, $2, 'before', $3, $4, $5)"};
  ASSERT_TRUE(run(db().write_one(insert_user, {author, to_unix_ms(start)})));
  ASSERT_TRUE(run(db().write_one(
      insert_activity, {id, author, to_unix_ms(start), to_unix_ms(start + hours{1}), token})));
  ASSERT_TRUE(database().migrate());
  const auto person =
      run(sql::create_profile_store(db(), vault(), index())->find_id(author)).value();
  ASSERT_TRUE(person);
  const auto store = sql::create_activity_store(db(), vault());
  const auto again = run(store->create_post(
      {make_uuid_v7(start), *person, "before", start, idempotency_key{token, "a request"}},
      start + hours{1}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, id);
}

}  // namespace
}  // namespace cruddur
