#include "app/feed.hpp"

#include <stdexcept>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "api/cursor.hpp"
#include "api/feed_json.hpp"
#include "fake_activity_store.hpp"
#include "run_task.hpp"

namespace cruddur {
namespace {

using tests::fake_activity_store;
using tests::run_task;

constexpr time_point now = from_unix_ms(1'800'000'000'000);
constexpr time_point tomorrow = now + std::chrono::hours{24};

struct shown {
  boost::json::array data;
  std::string next_cursor;
  std::string etag;
};

struct feed_answers : testing::Test {
  fake_activity_store store;
  api::feed_json format;
  cruddur::feed feed{home_of(store), format, store, store, {.window = 10, .viewers = 2}};
  uuid reader = make_uuid_v4();

  uuid add(int seconds_ago, time_point expires_at = tomorrow) {
    return store.add(to_unix_ms(now) - seconds_ago * 1000, expires_at).id;
  }

  void load() { ASSERT_TRUE(run_task(feed.load(now))); }

  shown read(std::optional<uuid> viewer = {}, page_request which = {}, time_point at = now) {
    const auto page = run_task(feed.read({.viewer = viewer, .now = at}, which));
    EXPECT_TRUE(page);
    const auto parsed = boost::json::parse(*page->body).as_object();
    const auto& next = parsed.at("next_cursor");
    return {parsed.at("data").as_array(),
            next.is_null() ? "" : std::string{next.as_string().c_str()}, page->etag};
  }

  static std::string id_of(const boost::json::value& each) {
    return each.at("uuid").as_string().c_str();
  }
};

TEST_F(feed_answers, answers_from_memory_once_loaded) {
  const uuid older = add(2);
  const uuid newer = add(1);
  load();
  for (int i = 0; i < 3; ++i) {
    const shown page = read();
    ASSERT_EQ(page.data.size(), 2U);
    EXPECT_EQ(id_of(page.data[0]), to_string(newer));
    EXPECT_EQ(id_of(page.data[1]), to_string(older));
  }
  EXPECT_EQ(store.home_reads, 1);
}

TEST_F(feed_answers, is_the_same_from_memory_and_from_the_store) {
  for (int i = 0; i < 8; ++i) add(i);
  store.likes.insert({reader, store.rows.begin()->first});
  const auto from_store = read(reader, {{}, 5});
  load();
  const auto from_memory = read(reader, {{}, 5});
  EXPECT_EQ(from_store.data, from_memory.data);
  EXPECT_EQ(from_store.next_cursor, from_memory.next_cursor);
}

TEST_F(feed_answers, readers_of_one_length_share_one_body_until_it_changes) {
  const uuid first = add(2);
  add(1);
  load();
  const auto body = [&](std::size_t limit) {
    return run_task(feed.read({.now = now}, {{}, limit}))->body;
  };
  const auto usual = body(page_request{}.limit);
  const auto longest = body(100);
  EXPECT_EQ(body(100), longest);
  EXPECT_EQ(body(page_request{}.limit), usual);
  EXPECT_NE(body(1)->size(), longest->size());
  EXPECT_EQ(*body(100), *longest);
  const std::size_t used = feed.used().bytes;
  feed.on(activity_removed{first});
  EXPECT_NE(*body(100), *longest);
  EXPECT_LT(feed.used().bytes, used);
}

TEST_F(feed_answers, shows_a_post_as_soon_as_it_hears_of_it) {
  load();
  read();
  feed.on(activity_posted{store.add(to_unix_ms(now), tomorrow)});
  EXPECT_EQ(read().data.size(), 1U);
}

TEST_F(feed_answers, drops_a_post_the_moment_it_expires) {
  add(1, now + std::chrono::milliseconds{5});
  add(2);
  load();
  EXPECT_EQ(read().data.size(), 2U);
  EXPECT_EQ(read({}, {}, now + std::chrono::milliseconds{4}).data.size(), 2U);
  EXPECT_EQ(read({}, {}, now + std::chrono::milliseconds{5}).data.size(), 1U);
}

TEST_F(feed_answers, an_etag_changes_with_the_answer) {
  const uuid id = add(1);
  load();
  const std::string before = read().etag;
  EXPECT_EQ(read().etag, before);
  const std::string own = read(reader).etag;
  EXPECT_EQ(own, before);  // nothing liked: the same body
  feed.on(activity_counted{id, {1, 0, 1}});
  feed.on(activity_reacted{id, reader, reaction::like, true, 1});
  EXPECT_NE(read().etag, before);
  EXPECT_NE(read(reader).etag, own);
}

TEST_F(feed_answers, a_readers_likes_are_the_readers_only) {
  const uuid id = add(1);
  store.likes.insert({reader, id});
  load();
  EXPECT_TRUE(read(reader).data[0].at("viewer").at("liked").as_bool());
  EXPECT_FALSE(read(make_uuid_v4()).data[0].at("viewer").at("liked").as_bool());
  EXPECT_FALSE(read().data[0].at("viewer").at("liked").as_bool());
  feed.on(activity_reacted{id, reader, reaction::like, false, 7});
  EXPECT_FALSE(read(reader).data[0].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, of_two_words_of_one_like_the_later_revision_holds) {
  const uuid id = add(1);
  load();
  read(reader);
  feed.on(activity_reacted{id, reader, reaction::like, false, 6});
  feed.on(activity_reacted{id, reader, reaction::like, true, 5});
  EXPECT_FALSE(read(reader).data[0].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, a_like_heard_while_the_readers_likes_are_read_is_kept) {
  const uuid id = add(1);
  load();
  store.before_answer = [&] { feed.on(activity_reacted{id, reader, reaction::like, true, 1}); };
  EXPECT_TRUE(read(reader).data[0].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, counts_go_forward_only) {
  const uuid id = add(1);
  load();
  feed.on(activity_counted{id, {5, 1, 9}});
  feed.on(activity_counted{id, {4, 1, 8}});
  EXPECT_EQ(read().data[0].at("likes_count").as_int64(), 5);
}

TEST_F(feed_answers, a_count_heard_before_its_post_is_kept) {
  load();
  const activity made = store.add(to_unix_ms(now), tomorrow);
  feed.on(activity_counted{made.id, {1, 0, 1}});
  feed.on(activity_posted{made});
  EXPECT_EQ(read().data[0].at("likes_count").as_int64(), 1);
}

TEST_F(feed_answers, a_removed_post_does_not_come_back) {
  const uuid id = add(1);
  load();
  const activity late = store.rows.at(id);
  feed.on(activity_removed{id});
  feed.on(activity_posted{late});
  feed.on(activity_counted{id, {1, 0, 1}});
  EXPECT_TRUE(read().data.empty());
}

TEST_F(feed_answers, what_is_heard_during_a_load_is_not_lost) {
  const uuid id = add(2);
  const uuid gone = add(3);
  load();
  store.before_answer = [&] {
    feed.on(activity_posted{store.add(to_unix_ms(now), tomorrow)});
    feed.on(activity_counted{id, {1, 0, 1}});
    feed.on(activity_removed{gone});
  };
  load();
  const shown page = read();
  ASSERT_EQ(page.data.size(), 2U);
  EXPECT_EQ(page.data[1].at("likes_count").as_int64(), 1);
}

TEST_F(feed_answers, pages_run_on_into_the_store_without_gap_or_repeat) {
  for (int i = 0; i < 25; ++i) add(i);
  load();
  std::vector<std::string> seen;
  page_request which{{}, 4};
  for (int pages = 0; pages < 10; ++pages) {
    const shown page = read(reader, which);
    for (const auto& each : page.data) seen.push_back(id_of(each));
    if (page.next_cursor.empty()) break;
    which.cursor = *api::parse_cursor(api::list_kind::roots, page.next_cursor);
  }
  std::vector<std::string> wanted;
  for (const auto& [id, each] : store.rows) wanted.push_back(to_string(id));
  EXPECT_EQ(seen, wanted);
}

TEST_F(feed_answers, holds_no_more_than_its_window) {
  load();
  for (int i = 0; i < 50; ++i) feed.on(activity_posted{store.add(to_unix_ms(now) + i, tomorrow)});
  const int before = store.home_reads;
  EXPECT_EQ(read({}, {{}, 9}).data.size(), 9U);
  EXPECT_EQ(store.home_reads, before);
  EXPECT_EQ(read({}, {{}, 20}).data.size(), 20U);
  EXPECT_EQ(store.home_reads, before + 1);
}

TEST_F(feed_answers, asks_the_store_while_suspended) {
  add(1);
  load();
  feed.suspend();
  EXPECT_TRUE(feed.wants_load());
  const int before = store.home_reads;
  add(0);  // by another process, unheard
  EXPECT_EQ(read().data.size(), 2U);
  EXPECT_EQ(store.home_reads, before + 1);
  load();
  EXPECT_FALSE(feed.wants_load());
}

TEST_F(feed_answers, a_suspension_during_a_load_holds) {
  store.before_answer = [&] { feed.suspend(); };
  load();
  EXPECT_TRUE(feed.wants_load());
}

TEST_F(feed_answers, refresh_takes_what_another_process_did) {
  const uuid id = add(1);
  load();
  store.rows.at(id).counts = {3, 0, 3};
  ASSERT_TRUE(run_task(feed.refresh(id, now)));
  EXPECT_EQ(read().data[0].at("likes_count").as_int64(), 3);
  store.rows.erase(id);
  ASSERT_TRUE(run_task(feed.refresh(id, now)));
  EXPECT_TRUE(read().data.empty());
}

TEST_F(feed_answers, forgets_the_reader_not_seen_for_longest) {
  const uuid id = add(1);
  store.likes.insert({reader, id});
  load();
  read(reader);
  read(make_uuid_v4());
  read(make_uuid_v4());
  store.likes.clear();  // unheard, so that only a new reading can tell
  EXPECT_FALSE(read(reader).data[0].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, recovers_from_a_load_that_throws) {
  const uuid id = add(1);
  store.before_answer = [&] {
    feed.on(activity_posted{store.add(to_unix_ms(now), tomorrow)});
    throw std::logic_error("a bug in the store");
  };
  EXPECT_THROW((void)run_task(feed.load(now)), std::logic_error);
  EXPECT_TRUE(feed.wants_load());
  EXPECT_EQ(feed.used().loaded, 0U);
  load();
  EXPECT_FALSE(feed.wants_load());
  EXPECT_EQ(feed.used().loaded, 1U);
  const int before = store.home_reads;
  feed.on(activity_counted{id, {1, 0, 1}});
  EXPECT_EQ(read().data.size(), 2U);
  EXPECT_EQ(store.home_reads, before);
}

TEST_F(feed_answers, readers_keep_their_likes_over_a_reload) {
  const uuid id = add(1);
  store.likes.insert({reader, id});
  load();
  read(reader);
  load();
  EXPECT_TRUE(read(reader).data[0].at("viewer").at("liked").as_bool());
  EXPECT_EQ(store.like_reads, 1);
}

TEST_F(feed_answers, reads_likes_again_after_a_suspension) {
  const uuid id = add(1);
  load();
  read(reader);
  feed.suspend();
  store.likes.insert({reader, id});  // by another process, unheard
  load();
  EXPECT_TRUE(read(reader).data[0].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, reads_likes_again_when_the_window_reaches_further_back) {
  std::vector<uuid> all;
  for (int i = 0; i < 14; ++i) all.push_back(add(i));
  store.likes.insert({reader, all[12]});
  load();
  read(reader, {{}, 5});
  for (int i = 0; i < 6; ++i) {
    store.rows.erase(all[static_cast<std::size_t>(i)]);
    feed.on(activity_removed{all[static_cast<std::size_t>(i)]});
  }
  ASSERT_TRUE(feed.wants_load());
  load();
  const shown page = read(reader, {{}, 8});
  ASSERT_EQ(page.data.size(), 8U);
  EXPECT_TRUE(page.data[6].at("viewer").at("liked").as_bool());
}

TEST_F(feed_answers, takes_a_name_that_changed_without_a_count) {
  const uuid id = add(1);
  load();
  store.rows.at(id).display_name = "Another name";
  load();
  EXPECT_EQ(read().data[0].at("author").at("display_name").as_string(), "Another name");
}

TEST_F(feed_answers, counts_of_other_lengths_leave_the_rest_of_a_post_as_it_was) {
  const uuid id = add(1);
  store.likes.insert({reader, id});
  load();
  auto before = read(reader).data[0].as_object();
  feed.on(activity_counted{id, {123'456, 78, 1}});
  auto after = read(reader).data[0].as_object();
  EXPECT_EQ(after.at("likes_count").as_int64(), 123'456);
  EXPECT_EQ(after.at("replies_count").as_int64(), 78);
  feed.on(activity_counted{id, {0, 0, 2}});
  EXPECT_EQ(read(reader).data[0].as_object(), before);
}

TEST_F(feed_answers, hold_no_more_bytes_and_likes_than_their_bounds) {
  cruddur::feed small{home_of(store),
                      format,
                      store,
                      store,
                      {.window = 100, .bytes = 40'000, .viewers = 100, .marks = 60}};
  std::vector<uuid> posts;
  for (int i = 0; i < 20; ++i) {
    activity& made = store.add(to_unix_ms(now) - i * 1000, tomorrow);
    made.message = std::string(4'000, 'x');
    posts.push_back(made.id);
  }
  ASSERT_TRUE(run_task(small.load(now)));
  EXPECT_LT(small.used().posts, 10U);
  EXPECT_FALSE(small.wants_load());
  std::size_t kept = 0;  // the page that all ask for, and as it is for those who like all of it
  for (int i = 0; i < 20; ++i) {
    const uuid person = make_uuid_v4();
    for (const uuid& each : posts) store.likes.insert({person, each});
    const auto page = run_task(small.read({person, now}, {{}, 4}));
    ASSERT_TRUE(page);
    kept = 2 * page->body->size();
    EXPECT_LE(small.used().marks, 60U);
  }
  EXPECT_LT(small.used().viewers, 20U);
  EXPECT_LE(small.used().bytes, 40'000U + kept + 60 * 32 + 4 * 256);
}

TEST_F(feed_answers, says_when_the_store_is_away) {
  store.failure = make_fault(fault_kind::unavailable, "database_unavailable", "", "");
  EXPECT_FALSE(run_task(feed.load(now)));
  const auto page = run_task(feed.read({.now = now}, {}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, fault_kind::unavailable);
}

}  // namespace
}  // namespace cruddur
