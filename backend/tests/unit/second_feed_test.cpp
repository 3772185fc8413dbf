// A second feed beside the home feed, made of the same parts and with no change in them: one
// author's circle, from whom a viewer hides people, with two flags in a format of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/feed.hpp"
#include "fake_activity_store.hpp"
#include "run_task.hpp"

namespace cruddur {
namespace {

using ::testing::HasSubstr;
using tests::run_task;

constexpr time_point now = from_unix_ms(1'800'000'000'000);
constexpr time_point tomorrow = now + std::chrono::hours{24};

// A reaction that the product does not have yet.
constexpr auto bookmark = static_cast<reaction>(1);

// "[a b]": a post is its message, its likes and its flags, as in "tea 3 --" and "tea 3 +-".
class plain_text : public feed_format {
 public:
  rendered_activity render(const activity& post) const override {
    rendered_activity out{.text = post.message + " ", .counts = post.message.size() + 1};
    out.text += counts(post.counts);
    out.counts_length = out.text.size() - out.counts;
    out.text += " ";
    out.flags = {out.text.size(), out.text.size() + 1};
    out.text += "--";
    return out;
  }
  std::string counts(const activity_counts& counts) const override {
    return std::to_string(counts.likes);
  }
  std::string_view opening() const override { return "["; }
  std::string_view separator() const override { return ", "; }
  std::string closing(std::optional<uuid> last) const override { return last ? " …]" : "]"; }
  std::string_view set_flag() const override { return "+"; }
};

struct second_feed : ::testing::Test {
  uuid add(int seconds_ago, uuid author, const std::string& message) {
    activity& made = store.add(to_unix_ms(now) - seconds_ago * 1000, tomorrow, author);
    made.message = message;
    return made.id;
  }

  std::string read(std::optional<uuid> reader, page_request wanted = {}) {
    const auto page = run_task(circle.read({.viewer = reader, .now = now}, wanted));
    EXPECT_TRUE(page);
    return page ? *page->body : page.error().detail;
  }

  void react(uuid person, uuid id, reaction kind, bool is_on, std::int64_t revision) {
    circle.on(activity_reacted{id, person, kind, is_on, revision});
  }

  tests::fake_activity_store store;
  plain_text format;
  uuid ann = make_uuid_v4();
  uuid bob = make_uuid_v4();
  uuid viewer = make_uuid_v4();
  std::unordered_map<uuid, hidden_authors> hidden;
  feed circle{
      {.read = [this](request_context context,
                      page_request wanted) { return store.home(context, wanted); },
       .includes = [this](const activity& posted) { return !posted.root && posted.author != bob; },
       .flags = {reaction::like, bookmark},
       .hidden = [this](uuid person) -> task<result<hidden_authors>> { co_return hidden[person]; }},
      format,
      store,
      store,
      {.window = 10}};
};

TEST_F(second_feed, hides_authors_from_one_viewer_and_from_nobody_else) {
  add(3, ann, "from ann");
  add(2, bob, "from bob");
  add(1, ann, "ann again");
  hidden[viewer] = std::make_shared<const std::unordered_set<uuid>>(std::unordered_set{ann});
  for (const bool from_memory : {false, true}) {
    if (from_memory) ASSERT_TRUE(run_task(circle.load(now)));
    EXPECT_EQ(read({}), "[ann again 0 --, from bob 0 --, from ann 0 --]");
    EXPECT_EQ(read(viewer), "[from bob 0 --]");
    EXPECT_EQ(read(bob), "[ann again 0 --, from bob 0 --, from ann 0 --]");
  }
}

TEST_F(second_feed, fills_a_page_with_what_is_not_hidden) {
  add(9, ann, "oldest");
  for (int i = 8; i > 1; --i) add(i, bob, "hidden");
  add(1, ann, "newest");
  hidden[viewer] = std::make_shared<const std::unordered_set<uuid>>(std::unordered_set{bob});
  for (const bool from_memory : {false, true}) {
    if (from_memory) ASSERT_TRUE(run_task(circle.load(now)));
    EXPECT_EQ(read(viewer, {{}, 2}), "[newest 0 --, oldest 0 --]");
    EXPECT_EQ(read(viewer, {{}, 1}), "[newest 0 -- …]");
  }
}

TEST_F(second_feed, gives_a_short_page_rather_than_read_the_store_without_end) {
  for (int i = 0; i < 40; ++i) add(i, bob, "hidden");
  add(50, ann, "far down");
  hidden[viewer] = std::make_shared<const std::unordered_set<uuid>>(std::unordered_set{bob});
  EXPECT_EQ(read(viewer, {{}, 2}), "[ …]");
  EXPECT_LE(store.home_reads, 5);
}

TEST_F(second_feed, takes_only_what_belongs_to_it) {
  ASSERT_TRUE(run_task(circle.load(now)));
  activity made = store.add(to_unix_ms(now), tomorrow, bob);
  circle.on(activity_posted{made});
  EXPECT_EQ(read({}), "[]");
  made.author = ann;
  circle.on(activity_posted{made});
  EXPECT_EQ(read({}), "[hello 0 --]");
}

TEST_F(second_feed, shows_each_viewer_both_flags) {
  const uuid older = add(2, ann, "older");
  const uuid newer = add(1, ann, "newer");
  ASSERT_TRUE(run_task(circle.load(now)));
  EXPECT_EQ(read(viewer), "[newer 0 --, older 0 --]");
  react(viewer, older, bookmark, true, 1);
  react(viewer, newer, reaction::like, true, 2);
  react(viewer, newer, bookmark, true, 3);
  EXPECT_EQ(read(viewer), "[newer 0 ++, older 0 -+]");
  circle.on(activity_counted{newer, {.likes = 1234, .replies = 0, .revision = 4}});
  EXPECT_EQ(read(viewer), "[newer 1234 ++, older 0 -+]");
  react(viewer, newer, bookmark, false, 6);
  react(viewer, newer, bookmark, true, 5);
  EXPECT_EQ(read(viewer), "[newer 1234 +-, older 0 -+]");
  EXPECT_EQ(read({}), "[newer 1234 --, older 0 --]");
}

}  // namespace
}  // namespace cruddur
