// What the activity store promises, run on each engine.
#include "adapters/sql/activity_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sql/activity_removal.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/run_blocking.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr time_point start = from_unix_ms(1'800'000'000'000);

class activities : public test::database_test {
 protected:
  activities() {
    ann_ = add_profile("ann");
    bob_ = add_profile("bob");
  }

  uuid add_profile(const std::string& handle) {
    const uuid identity = make_uuid_v4();
    const profile made{make_uuid_v4(), handle, "The " + handle, "", start};
    EXPECT_TRUE(run(profiles_->create(identity, made)));
    identities_[made.id] = identity;
    return made.id;
  }

  activity post(uuid author, time_point at = start, hours lives = hours{24}) {
    auto made = run(store_->create_post({make_uuid_v7(at), author, "a post", at, {}}, at + lives));
    EXPECT_TRUE(made);
    return *made;
  }

  activity reply(uuid author, uuid parent, time_point at = start) {
    auto made = run(store_->create_reply({make_uuid_v7(at), author, "a reply", at, {}}, parent));
    EXPECT_TRUE(made);
    return made->reply;
  }

  activity_lookup find(uuid id, std::optional<uuid> viewer = {}, time_point now = start) {
    return *run(store_->find(id, viewer, now));
  }

  std::vector<uuid> home(page_request page = {}, time_point now = start) {
    return ids(*run(store_->home(page, {}, now)));
  }

  std::vector<uuid> tree(uuid parent, page_request page = {}, std::size_t depth = 4,
                         std::size_t max_rows = 100, std::size_t children = 100) {
    const tree_bounds bounds{.depth = depth, .children = children, .rows = max_rows};
    std::vector<uuid> out;
    for (const auto& each : *run(store_->reply_tree(parent, page, bounds, {}, start))) {
      out.push_back(each.what.id);
    }
    return out;
  }

  void sweep(time_point now, std::size_t limit = 100) {
    for (bool more = true; more;) {
      const auto swept = run(store_->sweep(now, limit));
      ASSERT_TRUE(swept);
      more = swept->more;
    }
  }

  std::int64_t rows_of(const char* query) {
    return run(db().read(query, {}))->rows.at(0).integer(0);
  }

  static std::vector<uuid> ids(const std::vector<activity>& of) {
    std::vector<uuid> out;
    for (const activity& each : of) out.push_back(each.id);
    return out;
  }

  template <class T>
  static std::string code_of(const result<T>& outcome) {
    return outcome ? "" : outcome.error().codes.front();
  }

  std::unique_ptr<activity_store> store_ = sql::create_activity_store(db());
  std::unique_ptr<profile_store> profiles_ = sql::create_profile_store(db());
  std::map<uuid, uuid> identities_;  // by the profile's id
  uuid ann_;
  uuid bob_;
};

INSTANTIATE_TEST_SUITE_P(on, activities, test::engines(), test::engine_name);

TEST_P(activities, come_back_as_they_were_stored) {
  const activity made = post(ann_);
  const auto found = find(made.id).live;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->author, ann_);
  EXPECT_EQ(found->handle, "ann");
  EXPECT_EQ(found->display_name, "The ann");
  EXPECT_EQ(found->message, "a post");
  EXPECT_EQ(found->created_at, start);
  EXPECT_EQ(found->expires_at, start + hours{24});
  EXPECT_FALSE(found->root);
  EXPECT_FALSE(found->deleted);
}

TEST_P(activities, need_an_author_with_a_profile) {
  const uuid nobody = make_uuid_v4();
  const auto at = start + hours{1};
  EXPECT_EQ(code_of(run(store_->create_post({make_uuid_v7(start), nobody, "x", start, {}}, at))),
            "profile_missing");
  const activity root = post(ann_);
  EXPECT_EQ(
      code_of(run(store_->create_reply({make_uuid_v7(start), nobody, "x", start, {}}, root.id))),
      "profile_missing");
  EXPECT_EQ(code_of(run(store_->set_like(root.id, nobody, true, start))), "profile_missing");
}

TEST_P(activities, of_the_home_feed_are_live_roots_newest_first) {
  const activity older = post(ann_, start);
  const activity newer = post(bob_, start + milliseconds{5});
  reply(ann_, newer.id);
  post(ann_, start - hours{2}, hours{1});
  EXPECT_THAT(home(), ElementsAre(newer.id, older.id));
  EXPECT_THAT(home({{}, 1}), ElementsAre(newer.id));
  EXPECT_THAT(home({newer.id, 10}), ElementsAre(older.id));
  EXPECT_THAT(ids(*run(store_->by_author(ann_, {}, {}, start))), ElementsAre(older.id));
}

TEST_P(activities, end_at_their_expiry_for_every_reading) {
  const activity root = post(ann_, start, hours{1});
  const activity answer = reply(bob_, root.id);
  EXPECT_EQ(answer.expires_at, root.expires_at);
  const time_point end = root.expires_at;
  EXPECT_TRUE(find(root.id, {}, end - milliseconds{1}).live);
  EXPECT_EQ(find(root.id, {}, end).gone, gone_reason::expired);
  EXPECT_EQ(find(answer.id, {}, end).gone, gone_reason::expired);
  EXPECT_THAT(home({}, end), IsEmpty());
  EXPECT_THAT(*run(store_->by_author(ann_, {}, {}, end)), IsEmpty());
  EXPECT_THAT(*run(store_->ancestors(answer.id, {}, end, 10)), IsEmpty());
  EXPECT_THAT(*run(store_->reply_tree(root.id, {}, {4, 10, 10}, {}, end)), IsEmpty());
  EXPECT_THAT(*run(store_->liked_roots(bob_, {}, 10, end)), IsEmpty());
  EXPECT_EQ(code_of(run(store_->set_like(root.id, bob_, true, end))), "activity_not_found");
  EXPECT_EQ(code_of(run(store_->create_reply({make_uuid_v7(end), bob_, "x", end, {}}, root.id))),
            "activity_not_found");
  EXPECT_EQ(code_of(run(store_->remove(root, end))), "activity_not_found");
}

TEST_P(activities, never_made_are_neither_live_nor_gone) {
  const auto found = find(make_uuid_v4());
  EXPECT_FALSE(found.live);
  EXPECT_FALSE(found.gone);
}

TEST_P(activities, count_each_like_once) {
  const uuid id = post(ann_).id;
  const auto like = [&](uuid who, bool liked) {
    return *run(store_->set_like(id, who, liked, start));
  };
  EXPECT_TRUE(like(bob_, true).changed);
  EXPECT_FALSE(like(bob_, true).changed);
  EXPECT_EQ(like(ann_, true).counts.likes, 2);
  EXPECT_TRUE(find(id, bob_).live->liked);
  EXPECT_FALSE(find(id).live->liked);
  EXPECT_THAT(*run(store_->liked_roots(bob_, {}, 10, start)), ElementsAre(id));
  EXPECT_EQ(like(bob_, false).counts.likes, 1);
  EXPECT_FALSE(like(bob_, false).changed);
  EXPECT_FALSE(find(id, bob_).live->liked);
}

TEST_P(activities, give_each_change_of_counts_a_greater_revision) {
  const uuid id = post(ann_).id;
  std::int64_t last = find(id).live->counts.revision;
  const auto expect_greater = [&](std::int64_t revision) {
    EXPECT_GT(revision, last);
    last = revision;
  };
  expect_greater(run(store_->set_like(id, bob_, true, start))->counts.revision);
  expect_greater(run(store_->set_like(id, bob_, false, start))->counts.revision);
  expect_greater(run(store_->create_reply({make_uuid_v7(start), bob_, "x", start, {}}, id))
                     ->parent_counts.revision);
}

TEST_P(activities, liked_by_many_at_once_count_as_many_as_there_are) {
  const uuid id = post(ann_).id;
  std::vector<uuid> people;
  for (int i = 0; i < 40; ++i) people.push_back(add_profile("p" + std::to_string(i) + "_"));
  const auto churn = [](activity_store& store, uuid what, uuid who, bool stays) -> task<bool> {
    for (int i = 0; i < 5; ++i) {
      if (!co_await store.set_like(what, who, true, start)) co_return false;
      if (i == 4 && stays) break;
      if (!co_await store.set_like(what, who, false, start)) co_return false;
    }
    co_return true;
  };
  std::vector<std::future<bool>> all;
  for (std::size_t i = 0; i < people.size(); ++i) {
    all.push_back(boost::asio::co_spawn(database().loops().loop(i % 2),
                                        churn(*store_, id, people[i], i % 4 == 0),
                                        boost::asio::use_future));
  }
  for (auto& each : all) EXPECT_TRUE(each.get());
  EXPECT_EQ(find(id).live->counts.likes, 10);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM likes"), 10);
}

TEST_P(activities, have_replies_as_a_tree) {
  const uuid root = post(ann_).id;
  const uuid first = reply(bob_, root, start + milliseconds{1}).id;
  const uuid second = reply(ann_, root, start + milliseconds{2}).id;
  const activity nested = reply(ann_, first, start + milliseconds{3});
  const activity deepest = reply(bob_, nested.id, start + milliseconds{4});
  EXPECT_EQ(nested.root, root);
  EXPECT_EQ(nested.reply_to, first);
  EXPECT_THAT(tree(root), ElementsAre(first, second, nested.id, deepest.id));
  EXPECT_THAT(tree(root, {{}, 1}), ElementsAre(first, nested.id, deepest.id));
  EXPECT_THAT(tree(root, {first, 5}), ElementsAre(second));
  EXPECT_THAT(tree(root, {}, 1), ElementsAre(first, second));
  EXPECT_THAT(tree(root, {}, 4, 3), ElementsAre(first, second, nested.id));
  EXPECT_THAT(ids(*run(store_->ancestors(deepest.id, {}, start, 10))),
              ElementsAre(root, first, nested.id));
  EXPECT_THAT(ids(*run(store_->ancestors(deepest.id, {}, start, 2))),
              ElementsAre(first, nested.id));
  EXPECT_EQ(find(root).live->counts.replies, 2);
}

TEST_P(activities, without_replies_are_removed_whole) {
  const activity root = post(ann_);
  const activity answer = reply(bob_, root.id);
  const auto removed = run(store_->remove(answer, start));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->tombstone);
  EXPECT_EQ(removed->parent, root.id);
  EXPECT_EQ(removed->parent_counts.replies, 0);
  EXPECT_EQ(find(answer.id).gone, gone_reason::deleted);
  EXPECT_EQ(code_of(run(store_->remove(answer, start))), "activity_not_found");
}

TEST_P(activities, above_replies_become_tombstones) {
  const activity root = post(ann_);
  const activity answer = reply(bob_, root.id);
  reply(ann_, answer.id);
  run(store_->set_like(answer.id, ann_, true, start));
  const auto removed = run(store_->remove(answer, start));
  ASSERT_TRUE(removed);
  EXPECT_TRUE(removed->tombstone);
  EXPECT_EQ(removed->parent_counts.replies, 0);
  const auto left = find(answer.id).live;
  ASSERT_TRUE(left);
  EXPECT_TRUE(left->deleted);
  EXPECT_EQ(left->message, "");
  EXPECT_EQ(left->handle, "");
  EXPECT_TRUE(left->author.is_nil());
  EXPECT_EQ(left->counts.likes, 0);
  EXPECT_EQ(tree(root.id).size(), 2U);
  EXPECT_EQ(code_of(run(store_->set_like(answer.id, ann_, true, start))), "activity_not_found");
  EXPECT_EQ(
      code_of(run(store_->create_reply({make_uuid_v7(start), bob_, "x", start, {}}, answer.id))),
      "activity_not_found");
}

TEST_P(activities, left_as_tombstones_go_with_their_last_reply) {
  const activity root = post(ann_);
  const activity middle = reply(bob_, root.id);
  const activity first = reply(ann_, middle.id);
  const activity last = reply(bob_, middle.id);
  ASSERT_TRUE(run(store_->remove(root, start)));
  ASSERT_TRUE(run(store_->remove(middle, start)));
  ASSERT_TRUE(run(store_->remove(first, start)));
  EXPECT_TRUE(find(root.id).live);
  const auto removed = run(store_->remove(last, start));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->parent);
  for (const activity& each : {root, middle, first, last}) {
    EXPECT_EQ(find(each.id).gone, gone_reason::deleted);
  }
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM activities"), 0);
}

TEST_P(activities, removed_above_replies_leave_the_home_feed) {
  const activity root = post(ann_);
  reply(bob_, root.id);
  ASSERT_TRUE(run(store_->remove(root, start)));
  EXPECT_THAT(home(), IsEmpty());
}

TEST_P(activities, are_swept_with_all_that_hangs_on_them) {
  const activity root = post(ann_, start, hours{1});
  uuid last = root.id;
  for (int i = 0; i < 25; ++i) last = reply(bob_, last).id;
  run(store_->set_like(last, ann_, true, start));
  run(store_->set_like(root.id, bob_, true, start));
  const activity other = post(bob_, start, hours{3});
  EXPECT_EQ(*run(store_->next_expiry()), root.expires_at);
  sweep(root.expires_at, 1);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM activities"), 1);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM likes"), 0);
  EXPECT_EQ(find(root.id).gone, gone_reason::expired);
  EXPECT_EQ(find(last).gone, gone_reason::expired);
  EXPECT_TRUE(find(other.id).live);
  EXPECT_EQ(*run(store_->next_expiry()), other.expires_at);
}

TEST_P(activities, swept_in_batches_are_told_once_each) {
  for (int i = 0; i < 7; ++i) post(ann_, start, hours{1});
  std::vector<uuid> told;
  for (bool more = true; more;) {
    const auto swept = run(store_->sweep(start + hours{1}, 3));
    ASSERT_TRUE(swept);
    EXPECT_LE(swept->roots.size(), 3U);
    for (const auto& each : swept->roots) {
      EXPECT_EQ(each.expires_at, start + hours{1});
      told.push_back(each.id);
    }
    more = swept->more;
  }
  std::ranges::sort(told);
  EXPECT_EQ(std::ranges::unique(told).begin(), told.end());
  EXPECT_EQ(told.size(), 7U);
}

TEST_P(activities, long_gone_are_forgotten) {
  const activity root = post(ann_, start, hours{1});
  sweep(root.expires_at);
  ASSERT_TRUE(run(store_->forget_gone(root.expires_at)));
  EXPECT_TRUE(find(root.id).gone);
  ASSERT_TRUE(run(store_->forget_gone(root.expires_at + milliseconds{1})));
  EXPECT_FALSE(find(root.id).gone);
}

TEST_P(activities, of_an_ended_account_are_gone_and_counts_stay_true) {
  const activity mine = post(ann_);
  const activity theirs = post(bob_);
  const activity answered = post(ann_);
  const activity answer = reply(bob_, answered.id);
  reply(ann_, theirs.id);
  run(store_->set_like(theirs.id, ann_, true, start));
  ASSERT_TRUE(run(store_->remove_author(ann_, start)));
  EXPECT_EQ(find(mine.id).gone, gone_reason::deleted);
  EXPECT_TRUE(find(answered.id).live->deleted);
  EXPECT_TRUE(find(answer.id).live);
  EXPECT_EQ(find(theirs.id).live->counts.likes, 0);
  EXPECT_EQ(find(theirs.id).live->counts.replies, 0);
  EXPECT_FALSE(*run(profiles_->find(ann_)));
  EXPECT_TRUE(run(store_->remove_author(ann_, start)));
}

// What stands in the tables, however hidden.
std::int64_t rows(sql::database& db, sql::statement text) {
  return sql::run_blocking(db.read(text, {}))->rows.at(0).integer(0);
}

TEST_P(activities, of_an_ended_account_are_hidden_at_once_and_deleted_in_batches) {
  const activity theirs = post(bob_);
  for (int i = 0; i < 25; ++i) {
    const activity mine = post(ann_);
    run(store_->set_like(mine.id, bob_, true, start));
    run(store_->set_like(post(bob_).id, ann_, true, start));
  }
  const activity answer = reply(ann_, theirs.id);
  ASSERT_TRUE(run(db().write(sql::end_identity(identities_.at(ann_)))));

  for (const activity& each : *run(store_->home({{}, 100}, {}, start))) {
    EXPECT_EQ(each.author, bob_);
  }
  EXPECT_TRUE(find(answer.id).live->deleted);
  EXPECT_EQ(find(answer.id).live->message, "");
  EXPECT_FALSE(*run(profiles_->find(ann_)));
  EXPECT_FALSE(*run(profiles_->find_by_handle("ann")));
  EXPECT_EQ(code_of(run(
                profiles_->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Another", "", start}))),
            "handle_taken");
  EXPECT_EQ(code_of(run(store_->set_like(theirs.id, ann_, true, start))), "profile_missing");

  int batches = 0;
  for (bool more = true; more && batches < 100; ++batches) {
    if (batches == 3) database().reopen();  // as after a crash between two of them
    const auto store = sql::create_activity_store(db());
    const auto cleared = run(store->clear_removed(start, 4));
    ASSERT_TRUE(cleared);
    more = cleared->more;
    if (!more) EXPECT_EQ(cleared->people, std::vector<uuid>{ann_});
  }
  EXPECT_GE(batches, 7);
  EXPECT_LT(batches, 100);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM activities"), 26);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM likes"), 0);
  EXPECT_EQ(rows(db(), "SELECT CAST(sum(likes_count + replies_count) AS bigint) FROM activities"),
            0);
  const auto again = sql::create_profile_store(db());
  EXPECT_TRUE(run(again->create(identities_.at(ann_), {ann_, "ann", "Ann", "", start})));
  EXPECT_FALSE(*run(again->find(ann_))) << "a sign-in under way makes nobody anew";
  EXPECT_TRUE(run(again->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Another", "", start})));
}

TEST_P(activities, that_very_many_like_are_hidden_at_once_and_deleted_in_batches) {
  const bool is_sqlite = db().kind() == sql::engine::sqlite;
  const activity loved = post(ann_);
  const activity root = post(bob_);
  const activity answer = reply(ann_, root.id);
  for (const activity& each : {loved, answer}) {
    std::string id = to_string(each.id);
    std::erase(id, '-');
    const std::string known = is_sqlite ? "x'" + id + "'" : "'" + id + "'";
    // Without the triggers, which would count one by one.
    ASSERT_TRUE(db().execute_script(
        is_sqlite
            ? "DROP TRIGGER IF EXISTS likes_counted; PRAGMA recursive_triggers = OFF;"
              "INSERT OR IGNORE INTO users (uuid, handle, display_name, created_at, identity_id) "
              "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
              "WHERE i < 100000) SELECT CAST(printf('%016d', i) AS BLOB), 'n' || i, '', 0, "
              "CAST(printf('%016d', i) AS BLOB) FROM n;"
              "INSERT INTO likes SELECT " +
                  known + ", uuid, 0 FROM users WHERE handle LIKE 'n%';" +
                  "UPDATE activities SET likes_count = 100000 WHERE uuid = " + known
            : "ALTER TABLE likes DISABLE TRIGGER likes_counted;"
              "INSERT INTO users (uuid, handle, display_name, created_at, identity_id) "
              "SELECT CAST(lpad(CAST(i AS text), 32, '0') AS uuid), 'n' || i, '', 0, "
              "CAST(lpad(CAST(i AS text), 32, '0') AS uuid) "
              "FROM generate_series(1, 100000) AS i ON CONFLICT DO NOTHING;"
              "INSERT INTO likes SELECT " +
                  known + ", uuid, 0 FROM users WHERE handle LIKE 'n%';" +
                  "UPDATE activities SET likes_count = 100000 WHERE uuid = " + known +
                  ";ALTER TABLE likes ENABLE TRIGGER likes_counted"));
  }
  ASSERT_TRUE(run(store_->remove(loved, start)));
  const auto removed = run(store_->remove(answer, start));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->tombstone);
  EXPECT_EQ(removed->parent_counts.replies, 0);
  EXPECT_EQ(find(loved.id).gone, gone_reason::deleted);
  EXPECT_EQ(find(answer.id).gone, gone_reason::deleted);
  EXPECT_GT(rows(db(), "SELECT count(*) FROM likes"), 190'000);

  int batches = 0;
  for (bool more = true; more && batches < 100; ++batches) {
    const auto cleared = run(store_->clear_removed(start, 5000));
    ASSERT_TRUE(cleared);
    more = cleared->more;
  }
  EXPECT_GE(batches, 39);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM likes"), 0);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM activities"), 1);
  EXPECT_EQ(find(loved.id).gone, gone_reason::deleted);
}

TEST_P(activities, are_forgotten_in_batches) {
  ASSERT_TRUE(db().execute_script(
      db().kind() == sql::engine::sqlite
          ? "INSERT INTO gone_activities WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
            "SELECT i + 1 FROM n WHERE i < 2500) SELECT randomblob(16), 'expired', i FROM n"
          : "INSERT INTO gone_activities SELECT gen_random_uuid(), 'expired', i "
            "FROM generate_series(1, 2500) AS i"));
  ASSERT_TRUE(run(store_->forget_gone(from_unix_ms(2400))));
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM gone_activities"), 101);
}

TEST_P(activities, are_swept_by_one_server_at_a_time) {
  if (db().kind() == sql::engine::sqlite) GTEST_SKIP() << "SQLite has one server";
  const activity mine = post(ann_, start, hours{1});
  const auto other = database().second_process();
  std::vector<sql::command> hold;
  hold.push_back({"SELECT pg_advisory_xact_lock(4729118306)", {}});
  hold.push_back({"SELECT pg_sleep(1)", {}});
  auto held = boost::asio::co_spawn(database().loops().loop(1), other->write(std::move(hold)),
                                    boost::asio::use_future);
  bool waited = false;
  std::size_t swept = 0;
  for (int i = 0; i < 10'000 && swept == 0; ++i) {
    if (!waited && held.wait_for(std::chrono::milliseconds{1}) == std::future_status::timeout &&
        rows(db(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == 0) {
      continue;  // the other one is not there yet
    }
    const auto done = run(store_->sweep(mine.expires_at, 10));
    ASSERT_TRUE(done);
    if (done->elsewhere) {
      waited = true;
      EXPECT_TRUE(done->roots.empty());
      EXPECT_FALSE(done->more);
    }
    swept = done->roots.size();
  }
  EXPECT_TRUE(waited);
  EXPECT_EQ(swept, 1U);
  other->close();
}

TEST_P(activities, leave_no_text_once_purged) {
  post(ann_, start, hours{1});
  sweep(start + hours{1});
  const auto purged = run(store_->purge());
  ASSERT_TRUE(purged);
  EXPECT_TRUE(*purged);
}

class profiles : public activities {};
INSTANTIATE_TEST_SUITE_P(on, profiles, test::engines(), test::engine_name);

TEST_P(profiles, are_made_once_and_found_by_handle) {
  const uuid identity = make_uuid_v4();
  const profile made{make_uuid_v4(), "carol", "Carol", "hi", start};
  ASSERT_TRUE(run(profiles_->create(identity, made)));
  // Whoever makes it again has chosen another id.
  ASSERT_TRUE(run(profiles_->create(identity, {make_uuid_v4(), "carol", "Carol", "", start})));
  EXPECT_EQ(*run(profiles_->find_id(identity)), made.id);
  EXPECT_FALSE(*run(profiles_->find_id(made.id)));
  const auto found = run(profiles_->find_by_handle("carol"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, made.id);
  EXPECT_EQ((*found)->bio, "hi");
  EXPECT_TRUE(*run(profiles_->any()));
  EXPECT_FALSE(*run(profiles_->find_by_handle("nobody")));
}

TEST_P(profiles, are_told_from_handles_that_nobody_has) {
  const auto found = run(profiles_->existing({"ann", "no\"body", "bob", "b'b"}));
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, testing::UnorderedElementsAre("ann", "bob"));
  EXPECT_THAT(*run(profiles_->existing({})), IsEmpty());
}

TEST_P(activities, keep_their_entities_as_they_were_found_until_their_author_takes_them_back) {
  const std::string kept = R"([{"type":"tag","start":0,"end":2,"value":"a"}])";
  const auto root = run(store_->create_post(
      {make_uuid_v7(start), ann_, "#a @nobody", start, {}, kept}, start + hours{1}));
  ASSERT_TRUE(root);
  const auto answer =
      run(store_->create_reply({make_uuid_v7(start), bob_, "#a", start, {}, kept}, root->id));
  ASSERT_TRUE(answer);
  EXPECT_EQ(root->entities, kept);
  EXPECT_EQ(answer->reply.entities, kept);
  EXPECT_EQ(find(root->id).live->entities, kept);
  ASSERT_TRUE(run(store_->remove(*root, start)));
  EXPECT_EQ(find(root->id).live->entities, "[]");
  EXPECT_EQ(rows_of("SELECT count(*) FROM activities WHERE entities IS NULL"), 1);
}

TEST_P(activities, of_before_entities_were_kept_have_those_that_a_reading_finds) {
  const activity root = post(ann_);
  ASSERT_TRUE(run(db().write_one(
      "UPDATE activities SET entities = NULL, message = '#old' WHERE uuid = $1", {root.id})));
  EXPECT_EQ(find(root.id).live->entities, R"([{"type":"tag","start":0,"end":4,"value":"old"}])");
}

TEST_P(profiles, of_two_people_never_share_a_handle) {
  EXPECT_EQ(
      code_of(run(profiles_->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Other", "", start}))),
      "handle_taken");
}

}  // namespace
}  // namespace cruddur
