// What the activity store promises of deleting, ending and forgetting, run on each engine.
#include "adapters/sql/activity_removal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sql/run_blocking.hpp"
#include "contract/activity_fixture.hpp"
#include "support/sql_literal.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::start;
using testing::IsEmpty;
using activity_removal = test::activity_fixture;

INSTANTIATE_TEST_SUITE_P(on, activity_removal, test::engines(), test::engine_name);

// What stands in the tables, however hidden.
std::int64_t rows(sql::database& db, const sql::statement& text) {
  return sql::run_blocking(db.read(text, {}))->rows.at(0).integer(0);
}

TEST_P(activity_removal, without_replies_are_removed_whole) {
  const activity root = post(ann_);
  const activity answer = reply(bob_, root.id);
  const auto removed = run(store_->remove({.now = start}, answer));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->tombstone);
  EXPECT_EQ(removed->parent, root.id);
  EXPECT_EQ(removed->parent_counts.replies, 0);
  EXPECT_EQ(find(answer.id).gone, gone_reason::deleted);
  EXPECT_EQ(code_of(run(store_->remove({.now = start}, answer))), "activity_not_found");
}

TEST_P(activity_removal, above_replies_become_tombstones) {
  const activity root = post(ann_);
  const activity answer = reply(bob_, root.id);
  reply(ann_, answer.id);
  run(reactions_->set({.viewer = ann_, .now = start}, reaction::like, answer.id, true));
  const auto removed = run(store_->remove({.now = start}, answer));
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
  EXPECT_EQ(code_of(run(
                reactions_->set({.viewer = ann_, .now = start}, reaction::like, answer.id, true))),
            "activity_not_found");
  EXPECT_EQ(
      code_of(run(store_->create_reply({make_uuid_v7(start), bob_, "x", start, {}}, answer.id))),
      "activity_not_found");
}

TEST_P(activity_removal, left_as_tombstones_go_with_their_last_reply) {
  const activity root = post(ann_);
  const activity middle = reply(bob_, root.id);
  const activity first = reply(ann_, middle.id);
  const activity last = reply(bob_, middle.id);
  ASSERT_TRUE(run(store_->remove({.now = start}, root)));
  ASSERT_TRUE(run(store_->remove({.now = start}, middle)));
  ASSERT_TRUE(run(store_->remove({.now = start}, first)));
  EXPECT_TRUE(find(root.id).live);
  const auto removed = run(store_->remove({.now = start}, last));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->parent);
  for (const activity& each : {root, middle, first, last}) {
    EXPECT_EQ(find(each.id).gone, gone_reason::deleted);
  }
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM activities"_sql), 0);
}

TEST_P(activity_removal, removed_above_replies_leave_the_home_feed) {
  const activity root = post(ann_);
  reply(bob_, root.id);
  ASSERT_TRUE(run(store_->remove({.now = start}, root)));
  EXPECT_THAT(home(), IsEmpty());
}

TEST_P(activity_removal, are_swept_with_all_that_hangs_on_them) {
  const activity root = post(ann_, start, hours{1});
  uuid last = root.id;
  for (int i = 0; i < 25; ++i) last = reply(bob_, last).id;
  run(reactions_->set({.viewer = ann_, .now = start}, reaction::like, last, true));
  run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, root.id, true));
  const activity other = post(bob_, start, hours{3});
  EXPECT_EQ(*run(retention_->next_expiry()), root.expires_at);
  sweep(root.expires_at, 1);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM activities"_sql), 1);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM likes"_sql), 0);
  EXPECT_EQ(find(root.id).gone, gone_reason::expired);
  EXPECT_EQ(find(last).gone, gone_reason::expired);
  EXPECT_TRUE(find(other.id).live);
  EXPECT_EQ(*run(retention_->next_expiry()), other.expires_at);
}

TEST_P(activity_removal, swept_in_batches_are_told_once_each) {
  for (int i = 0; i < 7; ++i) post(ann_, start, hours{1});
  std::vector<uuid> told;
  for (bool more = true; more;) {
    const auto swept = run(retention_->sweep(start + hours{1}, 3));
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

TEST_P(activity_removal, long_gone_are_forgotten) {
  const activity root = post(ann_, start, hours{1});
  sweep(root.expires_at);
  ASSERT_TRUE(run(retention_->forget_gone(root.expires_at)));
  EXPECT_TRUE(find(root.id).gone);
  ASSERT_TRUE(run(retention_->forget_gone(root.expires_at + milliseconds{1})));
  EXPECT_FALSE(find(root.id).gone);
}

TEST_P(activity_removal, of_an_ended_account_are_gone_and_counts_stay_true) {
  const activity mine = post(ann_);
  const activity theirs = post(bob_);
  const activity answered = post(ann_);
  const activity answer = reply(bob_, answered.id);
  reply(ann_, theirs.id);
  run(reactions_->set({.viewer = ann_, .now = start}, reaction::like, theirs.id, true));
  ASSERT_TRUE(run(store_->remove_author(ann_, start)));
  EXPECT_EQ(find(mine.id).gone, gone_reason::deleted);
  EXPECT_TRUE(find(answered.id).live->deleted);
  EXPECT_TRUE(find(answer.id).live);
  EXPECT_EQ(find(theirs.id).live->counts.likes, 0);
  EXPECT_EQ(find(theirs.id).live->counts.replies, 0);
  EXPECT_FALSE(*run(profiles_->find(ann_)));
  EXPECT_TRUE(run(store_->remove_author(ann_, start)));
}

TEST_P(activity_removal, of_an_ended_account_are_hidden_at_once_and_deleted_in_batches) {
  const activity theirs = post(bob_);
  for (int i = 0; i < 25; ++i) {
    const activity mine = post(ann_);
    run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, mine.id, true));
    run(reactions_->set({.viewer = ann_, .now = start}, reaction::like, post(bob_).id, true));
  }
  const activity answer = reply(ann_, theirs.id);
  ASSERT_TRUE(run(db().write(sql::end_identity(identities_.at(ann_)))));

  for (const activity& each : run(timelines_->home({.now = start}, {{}, 100}))->rows) {
    EXPECT_EQ(each.author, bob_);
  }
  EXPECT_TRUE(find(answer.id).live->deleted);
  EXPECT_EQ(find(answer.id).live->message, "");
  EXPECT_FALSE(*run(profiles_->find(ann_)));
  EXPECT_FALSE(*run(profiles_->find_by_handle("ann")));
  const uuid other = make_uuid_v4();
  EXPECT_TRUE(run(profiles_->create(other, {make_uuid_v4(), "ann", "Another", "", start})))
      << "the name is nobody's at once";
  EXPECT_EQ(code_of(run(
                reactions_->set({.viewer = ann_, .now = start}, reaction::like, theirs.id, true))),
            "profile_missing");

  int batches = 0;
  for (bool more = true; more && batches < 100; ++batches) {
    if (batches == 3) database().reopen();  // as after a crash between two of them
    const auto retention = sql::create_retention(db());
    const auto cleared = run(retention->clear_removed(start, 4));
    ASSERT_TRUE(cleared);
    more = cleared->more;
    if (!more) EXPECT_EQ(cleared->people, std::vector<uuid>{ann_});
  }
  EXPECT_GE(batches, 7);
  EXPECT_LT(batches, 100);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM activities"_sql), 26);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM likes"_sql), 0);
  EXPECT_EQ(
      rows(db(), "SELECT CAST(sum(likes_count + replies_count) AS bigint) FROM activities"_sql), 0);
  const auto again = sql::create_profile_store(db(), vault(), index());
  EXPECT_TRUE(run(again->create(identities_.at(ann_), {ann_, "ann", "Ann", "", start})));
  EXPECT_FALSE(*run(again->find(ann_))) << "a sign-in under way makes nobody anew";
  EXPECT_EQ((*run(again->find_by_handle("ann")))->id, *run(again->find_id(other)));
}

TEST_P(activity_removal, that_very_many_like_are_hidden_at_once_and_deleted_in_batches) {
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
        is_sqlite ? "DROP TRIGGER IF EXISTS likes_counted; PRAGMA recursive_triggers = OFF;"
                    "INSERT OR IGNORE INTO users (uuid, handle_mac, created_at, identity_id) "
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                    "WHERE i < 100000) SELECT CAST(printf('%016d', i) AS BLOB), 'many' || i, 0, "
                    "CAST(printf('%016d', i) AS BLOB) FROM n;"
                    "INSERT INTO likes SELECT " +
                        known + ", uuid, 0 FROM users WHERE handle_mac LIKE 'many%';" +
                        "UPDATE activities SET likes_count = 100000 WHERE uuid = " + known
                  : "ALTER TABLE likes DISABLE TRIGGER likes_counted;"
                    "INSERT INTO users (uuid, handle_mac, created_at, identity_id) "
                    "SELECT CAST(lpad(CAST(i AS text), 32, '0') AS uuid), 'many' || i, 0, "
                    "CAST(lpad(CAST(i AS text), 32, '0') AS uuid) "
                    "FROM generate_series(1, 100000) AS i ON CONFLICT DO NOTHING;"
                    "INSERT INTO likes SELECT " +
                        known + ", uuid, 0 FROM users WHERE handle_mac LIKE 'many%';" +
                        "UPDATE activities SET likes_count = 100000 WHERE uuid = " + known +
                        ";ALTER TABLE likes ENABLE TRIGGER likes_counted"));
  }
  ASSERT_TRUE(run(store_->remove({.now = start}, loved)));
  const auto removed = run(store_->remove({.now = start}, answer));
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->tombstone);
  EXPECT_EQ(removed->parent_counts.replies, 0);
  EXPECT_EQ(find(loved.id).gone, gone_reason::deleted);
  EXPECT_EQ(find(answer.id).gone, gone_reason::deleted);
  EXPECT_GT(rows(db(), "SELECT count(*) FROM likes"_sql), 190'000);

  int batches = 0;
  for (bool more = true; more && batches < 100; ++batches) {
    const auto cleared = run(retention_->clear_removed(start, 5000));
    ASSERT_TRUE(cleared);
    more = cleared->more;
  }
  EXPECT_GE(batches, 39);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM likes"_sql), 0);
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM activities"_sql), 1);
  EXPECT_EQ(find(loved.id).gone, gone_reason::deleted);
}

TEST_P(activity_removal, are_forgotten_in_batches) {
  ASSERT_TRUE(db().execute_script(
      db().kind() == sql::engine::sqlite
          ? "INSERT INTO gone_activities WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
            "SELECT i + 1 FROM n WHERE i < 2500) SELECT randomblob(16), 'expired', i FROM n"
          : "INSERT INTO gone_activities SELECT gen_random_uuid(), 'expired', i "
            "FROM generate_series(1, 2500) AS i"));
  ASSERT_TRUE(run(retention_->forget_gone(from_unix_ms(2400))));
  EXPECT_EQ(rows(db(), "SELECT count(*) FROM gone_activities"_sql), 101);
}

TEST_P(activity_removal, are_swept_by_one_server_at_a_time) {
  if (db().kind() == sql::engine::sqlite) GTEST_SKIP() << "SQLite has one server";
  const activity mine = post(ann_, start, hours{1});
  const auto other = database().second_process();
  std::vector<sql::command> hold;
  hold.push_back({"SELECT pg_advisory_xact_lock(4729118306)"_sql, {}});
  hold.push_back({"SELECT pg_sleep(1)"_sql, {}});
  auto held = boost::asio::co_spawn(database().loops().loop(1), other->write(std::move(hold)),
                                    boost::asio::use_future);
  bool waited = false;
  std::size_t swept = 0;
  for (int i = 0; i < 10'000 && swept == 0; ++i) {
    if (!waited && held.wait_for(std::chrono::milliseconds{1}) == std::future_status::timeout &&
        rows(db(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"_sql) ==
            0) {
      continue;  // the other one is not there yet
    }
    const auto done = run(retention_->sweep(mine.expires_at, 10));
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

TEST_P(activity_removal, leave_no_text_once_purged) {
  post(ann_, start, hours{1});
  sweep(start + hours{1});
  const auto purged = run(retention_->purge());
  ASSERT_TRUE(purged);
  EXPECT_TRUE(*purged);
}

}  // namespace
}  // namespace cruddur
