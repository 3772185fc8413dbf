// What the activity store promises of posts, replies and likes, run on each engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/activity_fixture.hpp"
#include "support/sql_literal.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::start;
using testing::ElementsAre;
using testing::IsEmpty;
using activities = test::activity_fixture;

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
  EXPECT_EQ(code_of(run(
                reactions_->set({.viewer = nobody, .now = start}, reaction::like, root.id, true))),
            "profile_missing");
}

TEST_P(activities, of_the_home_feed_are_live_roots_newest_first) {
  const activity older = post(ann_, start);
  const activity newer = post(bob_, start + milliseconds{5});
  reply(ann_, newer.id);
  post(ann_, start - hours{2}, hours{1});
  EXPECT_THAT(home(), ElementsAre(newer.id, older.id));
  EXPECT_THAT(home({{}, 1}), ElementsAre(newer.id));
  EXPECT_THAT(home({newer.id, 10}), ElementsAre(older.id));
  EXPECT_THAT(ids(run(timelines_->by_author({.now = start}, ann_, {}))->rows),
              ElementsAre(older.id));
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
  EXPECT_THAT(run(timelines_->by_author({.now = end}, ann_, {}))->rows, IsEmpty());
  EXPECT_THAT(*run(threads_->ancestors({.now = end}, answer.id, 10)), IsEmpty());
  EXPECT_THAT(*run(threads_->reply_tree({.now = end}, root.id, {}, {4, 10, 10})), IsEmpty());
  EXPECT_THAT(*run(reactions_->newest_roots({.viewer = bob_, .now = end}, reaction::like, {}, 10)),
              IsEmpty());
  EXPECT_EQ(
      code_of(run(reactions_->set({.viewer = bob_, .now = end}, reaction::like, root.id, true))),
      "activity_not_found");
  EXPECT_EQ(code_of(run(store_->create_reply({make_uuid_v7(end), bob_, "x", end, {}}, root.id))),
            "activity_not_found");
  EXPECT_EQ(code_of(run(store_->remove({.now = end}, root))), "activity_not_found");
}

TEST_P(activities, never_made_are_neither_live_nor_gone) {
  const auto found = find(make_uuid_v4());
  EXPECT_FALSE(found.live);
  EXPECT_FALSE(found.gone);
}

TEST_P(activities, count_each_like_once) {
  const uuid id = post(ann_).id;
  const auto like = [&](uuid who, bool liked) {
    return *run(reactions_->set({.viewer = who, .now = start}, reaction::like, id, liked));
  };
  EXPECT_TRUE(like(bob_, true).changed);
  EXPECT_FALSE(like(bob_, true).changed);
  EXPECT_EQ(like(ann_, true).counts.likes, 2);
  EXPECT_TRUE(find(id, bob_).live->liked);
  EXPECT_FALSE(find(id).live->liked);
  EXPECT_THAT(
      *run(reactions_->newest_roots({.viewer = bob_, .now = start}, reaction::like, {}, 10)),
      ElementsAre(id));
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
  expect_greater(run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, id, true))
                     ->counts.revision);
  expect_greater(run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, id, false))
                     ->counts.revision);
  expect_greater(run(store_->create_reply({make_uuid_v7(start), bob_, "x", start, {}}, id))
                     ->parent_counts.revision);
}

TEST_P(activities, liked_by_many_at_once_count_as_many_as_there_are) {
  const uuid id = post(ann_).id;
  std::vector<uuid> people;
  for (int i = 0; i < 40; ++i) people.push_back(add_profile("p" + std::to_string(i) + "_"));
  const auto churn = [](reactions& reactions, uuid what, uuid who, bool stays) -> task<bool> {
    for (int i = 0; i < 5; ++i) {
      if (!co_await reactions.set({.viewer = who, .now = start}, reaction::like, what, true))
        co_return false;
      if (i == 4 && stays) break;
      if (!co_await reactions.set({.viewer = who, .now = start}, reaction::like, what, false))
        co_return false;
    }
    co_return true;
  };
  std::vector<std::future<bool>> all;
  for (std::size_t i = 0; i < people.size(); ++i) {
    all.push_back(boost::asio::co_spawn(database().loops().loop(i % 2),
                                        churn(*reactions_, id, people[i], i % 4 == 0),
                                        boost::asio::use_future));
  }
  for (auto& each : all) EXPECT_TRUE(each.get());
  EXPECT_EQ(find(id).live->counts.likes, 10);
  EXPECT_EQ(rows_of("SELECT COUNT(*) FROM likes"_sql), 10);
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
  EXPECT_THAT(ids(*run(threads_->ancestors({.now = start}, deepest.id, 10))),
              ElementsAre(root, first, nested.id));
  EXPECT_THAT(ids(*run(threads_->ancestors({.now = start}, deepest.id, 2))),
              ElementsAre(first, nested.id));
  EXPECT_EQ(find(root).live->counts.replies, 2);
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
  ASSERT_TRUE(run(store_->remove({.now = start}, *root)));
  EXPECT_EQ(find(root->id).live->entities, "[]");
  EXPECT_EQ(rows_of("SELECT count(*) FROM activities WHERE sealed IS NULL"_sql), 1);
}

}  // namespace
}  // namespace cruddur
