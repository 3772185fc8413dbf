// Contents are sealed under keys of their own, and end with them: the vault, the list of ended keys
// and who works it off, on each engine.
#include "adapters/sql/content_vault.hpp"

#include <gmock/gmock.h>

#include "adapters/sql/ended_keys.hpp"
#include "app/key_destroyer.hpp"
#include "contract/activity_fixture.hpp"
#include "support/sql_literal.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using test::start;
using testing::ElementsAre;
using testing::IsEmpty;

class sealed_contents : public test::activity_fixture {
 protected:
  key_destroyer::hooks hooks() {
    return {.unused = [this] { return vault().take_dropped(); },
            .doubtful = [this] { return vault().take_doubtful(std::chrono::seconds{0}); },
            .doubt_again = [this](const std::vector<key_slot>& slots) { vault().doubt(slots); },
            .on_destroyed = [this](auto lags) { destroyed_ += lags.size(); },
            .on_fault = [](const fault& fault) { ADD_FAILURE() << fault.detail; }};
  }

  key_slot slot_of(uuid id) {
    const auto found = run(db().read("SELECT slot FROM activities WHERE uuid = $1"_sql, {id}));
    return found->rows.at(0).integer(0);
  }
  bool has_key(key_slot slot) { return run(database().keys().load({slot})).value()[0].has_value(); }
  void destroy() { EXPECT_TRUE(run(destroyer_.run())); }

  system_clock clock_;
  std::size_t destroyed_ = 0;
  std::unique_ptr<ended_keys> ended_ = sql::create_ended_keys(db());
  key_destroyer destroyer_{database().keys(), *ended_, clock_, hooks()};
};

// Of an account that ends in the moment before a key is loaded.
class leavers_keys : public content_keys {
 public:
  leavers_keys(content_keys& keys, activity_store& store, uuid leaver)
      : keys_{keys}, store_{store}, leaver_{leaver} {}

  task<result<std::vector<reserved_key>>> reserve(std::size_t count, key_term term) override {
    return keys_.reserve(count, term);
  }
  task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) override {
    auto left = co_await store_.remove_author(leaver_, start);
    if (!left) co_return std::unexpected(std::move(left.error()));
    co_return std::vector<std::optional<secret>>(slots.size());
  }
  task<result<>> destroy(std::vector<key_slot> slots) override {
    return keys_.destroy(std::move(slots));
  }

 private:
  content_keys& keys_;
  activity_store& store_;
  uuid leaver_;
};

INSTANTIATE_TEST_SUITE_P(on, sealed_contents, test::engines(), test::engine_name);

TEST_P(sealed_contents, end_with_their_keys_however_they_end) {
  const activity expired = post(ann_, start, hours{1});
  const activity deleted = post(ann_);
  const activity tombstone = post(ann_);
  const activity answer = reply(bob_, tombstone.id);
  const activity kept = post(bob_);
  std::vector<key_slot> slots;
  for (const activity& each : {expired, deleted, tombstone, answer, kept}) {
    slots.push_back(slot_of(each.id));
    EXPECT_TRUE(has_key(slots.back()));
  }
  sweep(start + hours{1});
  ASSERT_TRUE(run(store_->remove({.now = start}, deleted)));
  ASSERT_TRUE(run(store_->remove({.now = start}, tombstone)));
  destroy();
  EXPECT_EQ(destroyed_, 3U);
  for (const std::size_t gone : {0U, 1U, 2U}) EXPECT_FALSE(has_key(slots[gone])) << gone;
  for (const std::size_t lives : {3U, 4U}) EXPECT_TRUE(has_key(slots[lives])) << lives;
  EXPECT_FALSE(destroyer_.backlog());
  EXPECT_THAT(run(ended_->oldest(10)).value(), IsEmpty());
  ASSERT_TRUE(run(store_->remove_author(ann_, start)));
  destroy();
  EXPECT_TRUE(has_key(slots[4]));
  EXPECT_EQ(find(kept.id).live->message, "a post");
}

TEST_P(sealed_contents, of_an_account_that_ends_while_it_writes_are_not_told_as_lost) {
  const activity above = post(bob_);
  for (const bool is_reply : {false, true}) {
    const uuid leaver = add_profile(is_reply ? "cat" : "dan");
    leavers_keys keys{database().keys(), *store_, leaver};
    sql::content_vault own{keys};
    const auto store = sql::create_activity_store(db(), own);
    const new_activity written{make_uuid_v7(start), leaver, "still here", start, {}};
    EXPECT_EQ(is_reply ? code_of(run(store->create_reply(written, above.id)))
                       : code_of(run(store->create_post(written, start + hours{1}))),
              "profile_missing");
  }
  EXPECT_EQ(find(above.id).live->counts.replies, 0);
}

TEST_P(sealed_contents, whose_key_is_gone_are_lost_and_harm_no_other) {
  const activity lost = post(ann_);
  const activity kept = post(ann_);
  ASSERT_TRUE(run(database().keys().destroy({slot_of(lost.id)})));
  EXPECT_EQ(find(lost.id).gone, gone_reason::lost);
  EXPECT_THAT(home(), ElementsAre(kept.id));
  ASSERT_TRUE(run(vault().count_lost(*ended_)));
  EXPECT_EQ(vault().lost(), 1U) << "once, however often it is read";
  EXPECT_THAT(home(), ElementsAre(kept.id));
  ASSERT_TRUE(run(vault().count_lost(*ended_)));
  EXPECT_EQ(vault().lost(), 1U);
}

TEST_P(sealed_contents, that_end_while_they_are_read_are_not_lost) {
  const activity ending = post(ann_);
  const auto row =
      run(db().read("SELECT slot, sealed FROM activities WHERE uuid = $1"_sql, {ending.id}))
          ->rows.at(0);
  ASSERT_TRUE(run(store_->remove({.now = start}, ending)));
  destroy();
  const auto opened = run(vault().open(
      {{row.integer(0), sql::content_kind::activity, ending.id, row.blob(1), std::nullopt}}));
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->front());
  ASSERT_TRUE(run(vault().count_lost(*ended_)));
  EXPECT_EQ(vault().lost(), 0U);
}

TEST_P(sealed_contents, that_were_put_in_anothers_place_do_not_open) {
  const activity first = post(ann_);
  const activity second = post(ann_);
  ASSERT_TRUE(run(db().write_one(
      "UPDATE activities SET sealed = (SELECT sealed FROM activities WHERE uuid = $1) "
      "WHERE uuid = $2"_sql,
      {first.id, second.id})));
  EXPECT_EQ(find(second.id).gone, gone_reason::lost);
  EXPECT_EQ(find(first.id).live->message, "a post");
}

TEST_P(sealed_contents, that_were_not_stored_leave_no_key) {
  const idempotency_key key{make_uuid_v4(), "a request"};
  const new_activity asked{make_uuid_v7(start), ann_, "once", start, key};
  const auto made = run(store_->create_post(asked, start + hours{1}));
  ASSERT_TRUE(made);
  new_activity repeated = asked;
  repeated.id = make_uuid_v7(start);
  EXPECT_EQ(run(store_->create_post(repeated, start + hours{1}))->id, made->id);
  EXPECT_FALSE(run(store_->create_reply({make_uuid_v7(start), ann_, "to nobody", start, {}},
                                        make_uuid_v7(start))));
  const auto dropped = vault().take_dropped();
  ASSERT_EQ(dropped.size(), 2U);
  EXPECT_THAT(dropped, testing::Not(testing::Contains(slot_of(made->id))));
}

TEST_P(sealed_contents, in_doubt_are_looked_up_and_only_the_missing_ones_end) {
  const activity stored = post(ann_);
  const key_slot used = slot_of(stored.id);
  const key_slot unused = [&] {
    const auto keys = run(vault().take(1, key_term::hours));
    return keys->front().slot();
  }();
  vault().doubt({used});
  EXPECT_TRUE(has_key(unused));
  destroy();
  EXPECT_FALSE(has_key(unused));
  EXPECT_TRUE(has_key(used));
}

}  // namespace
}  // namespace cruddur
