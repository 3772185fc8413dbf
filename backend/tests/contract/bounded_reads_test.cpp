// What others wrote can't make a read dear: the same reading with little and with 50,000 rows of
// each kind in its way, compared by work and not by time. In one file, since all of its tests share
// the rows that they put in the way.
#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/sql/activity_queries.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/reactions.hpp"
#include "adapters/sql/threads.hpp"
#include "adapters/sql/timelines.hpp"
#include "app/threads.hpp"
#include "domain/time_to_live.hpp"
#include "support/read_work.hpp"
#include "support/sql_literal.hpp"

namespace cruddur {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr time_point start = from_unix_ms(1'800'000'000'000);
constexpr int few = 50;
constexpr int many = 50'000;
// Where a reading looks into several places of an index, which has as many levels as with many.
constexpr int some = 2'000;

class bounded_reads : public test::database_test {
 protected:
  bounded_reads() {
    ann_ = add_profile("ann");
    bob_ = add_profile("bob");
    root_ = make_uuid_v7(start);
    EXPECT_TRUE(run(store_->create_post({root_, ann_, "a post", start, {}}, start + hours{24})));
  }

  uuid add_profile(const std::string& handle) {
    const profile made{make_uuid_v4(), handle, "The " + handle, "", start};
    EXPECT_TRUE(
        run(sql::create_profile_store(db(), vault(), index())->create(make_uuid_v4(), made)));
    return made.id;
  }

  uuid add_reply(uuid parent) {
    const uuid id = make_uuid_v7(start);
    EXPECT_TRUE(run(store_->create_reply({id, ann_, "a reply", start, {}}, parent)));
    return id;
  }

  bool is_sqlite() { return db().kind() == sql::engine::sqlite; }

  std::string literal(uuid id) {
    std::string digits = to_string(id);
    if (!is_sqlite()) return "'" + digits + "'";
    std::erase(digits, '-');
    return "x'" + digits + "'";
  }

  // Rows 1 … count as `i`.
  static std::string numbers(int count) {
    return fmt::format(
        "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
        "SELECT i FROM n) numbers",
        count);
  }

  void script(const std::string& sql) { ASSERT_TRUE(db().execute_script(sql)); }

  // Counted at once: one by one each would leave a dead version of the parent's row behind.
  void add_replies(uuid author, uuid parent, int count) {
    if (!is_sqlite()) script("ALTER TABLE activities DISABLE TRIGGER USER;");
    script(fmt::format(
        "INSERT INTO activities (uuid, user_uuid, slot, sealed, created_at, expires_at, "
        "reply_to_uuid, root_uuid, lifetime_class) "
        "SELECT {}, {}, {}, {}, {}, {}, {}, {}, -1 FROM {};",
        id_of_row(), literal(author), slot_of_row(), filler(), to_unix_ms(start),
        to_unix_ms(start + hours{24}), literal(parent), literal(root_), numbers(count)));
    seal_ends();
    if (is_sqlite()) return;
    script(
        fmt::format("UPDATE activities SET replies_count = replies_count + {} WHERE uuid = {}; "
                    "ALTER TABLE activities ENABLE TRIGGER USER;",
                    count, literal(parent)));
  }

  // Of the row `i`, before it is sealed; no key has a slot below 0.
  std::string slot_of_row() const { return fmt::format("-({} + i)", (series_ + 1) * 1'000'000); }

  std::string filler() { return is_sqlite() ? "x'00'" : "'\\x00'::bytea"; }

  // The first and the last of those that are not sealed: no reading comes to the others.
  void seal_ends() {
    std::vector<sql::command> commands;
    for (const sql::statement* ends :
         {&"SELECT uuid FROM activities WHERE slot < 0 "
           "AND expires_at > 1800000000000 ORDER BY uuid LIMIT 1000"_sql,
          &"SELECT uuid FROM activities WHERE slot < 0 "
           "AND expires_at > 1800000000000 "
           "ORDER BY uuid DESC LIMIT 1000"_sql}) {
      const auto rows = run(db().read(*ends, {}))->rows;
      auto keys = run(vault().take(rows.size(), key_term::days));
      ASSERT_TRUE(keys);
      commands.clear();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const uuid id = rows[i].id(0);
        sql::content_key& key = keys->at(i);
        commands.push_back({"UPDATE activities SET slot = $2, sealed = $3 WHERE uuid = $1"_sql,
                            {id, key.slot(),
                             sql::bytes{key.seal(sql::content_kind::activity, id,
                                                 sql::activity_record("one of many", "[]"))}}});
        key.keep();
      }
      if (!commands.empty()) ASSERT_TRUE(run(db().write(std::move(commands))));
    }
  }

  // A version 7 id for the row `i`, another one in each call, greater than those of before.
  std::string id_of_row() {
    const std::int64_t base = 0x0200'0000'0000 + (static_cast<std::int64_t>(++series_) << 32);
    return is_sqlite() ? fmt::format("CAST(printf('%016d', {} + i) AS BLOB)", base)
                       : fmt::format(
                             "CAST(lpad(to_hex({} + i), 12, '0') || "
                             "'70008000000000000000' AS uuid)",
                             base);
  }

  // Posts of an hour that ended an hour before `start` and that nobody has swept.
  void add_expired(uuid author, int count) {
    const time_point made = start - hours{2};
    std::string time = to_string(make_uuid_v7(made)).substr(0, 13);
    std::erase(time, '-');
    ++series_;
    const std::string id =
        is_sqlite() ? fmt::format("CAST(x'{}' || CAST(printf('%02d%08d', {}, i) AS BLOB) AS BLOB)",
                                  time, series_)
                    : fmt::format(
                          "CAST('{}' || '7000' || lpad(to_hex({}), 4, '8') || "
                          "lpad(to_hex(i), 12, '0') AS uuid)",
                          time, series_);
    script(fmt::format(
        "INSERT INTO activities (uuid, user_uuid, slot, sealed, created_at, expires_at, "
        "lifetime_class) SELECT {}, {}, {}, {}, {}, {}, 0 FROM {};",
        id, literal(author), slot_of_row(), filler(), to_unix_ms(made), to_unix_ms(made + hours{1}),
        numbers(count)));
  }

  // Below all expired ones.
  uuid add_older_post(uuid author) {
    const time_point made = start - hours{10};
    const uuid id = make_uuid_v7(made);
    EXPECT_TRUE(run(store_->create_post({id, author, "lives", made, {}}, made + hours{24})));
    return id;
  }

  void like_all_replies(uuid user) {
    if (!is_sqlite()) script("ALTER TABLE likes DISABLE TRIGGER USER;");
    script(
        fmt::format("INSERT INTO likes (activity_uuid, user_uuid, created_at) "
                    "SELECT uuid, {}, {} FROM activities WHERE root_uuid IS NOT NULL;",
                    literal(user), to_unix_ms(start)));
    if (!is_sqlite()) script("ALTER TABLE likes ENABLE TRIGGER USER;");
  }

  std::int64_t work_of(const std::function<void()>& reading) {
    metered_.take_work();
    reading();
    return metered_.take_work();
  }

  thread read_thread_of(uuid id, page_request page = {}) {
    auto got =
        run(read_thread(*measured_, *measured_threads_, {.viewer = ann_, .now = start}, id, page));
    EXPECT_TRUE(got);
    return std::move(*got);
  }

  // Twice is more than an index that is a level deeper costs, and far less than 50,000 rows do.
  static void expect_flat(std::int64_t with_few, std::int64_t with_many) {
    EXPECT_GT(with_few, 0);
    EXPECT_LE(with_many, 2 * with_few) << "with few: " << with_few;
  }

  test::metered_database metered_{database()};
  std::unique_ptr<activity_store> store_ = sql::create_activity_store(db(), vault());
  std::unique_ptr<timelines> timelines_ = sql::create_timelines(db(), vault());
  std::unique_ptr<reactions> reactions_ = sql::create_reactions(db());
  std::unique_ptr<activity_store> measured_ = sql::create_activity_store(metered_, vault());
  std::unique_ptr<timelines> measured_timelines_ = sql::create_timelines(metered_, vault());
  std::unique_ptr<threads> measured_threads_ = sql::create_threads(metered_, vault());
  std::unique_ptr<reactions> measured_reactions_ = sql::create_reactions(metered_);
  uuid ann_;
  uuid bob_;
  uuid root_;
  int series_ = 0;
};

INSTANTIATE_TEST_SUITE_P(on, bounded_reads, test::engines(), test::engine_name);

TEST_P(bounded_reads, of_a_thread_cost_the_same_however_often_its_post_is_answered) {
  const auto reading = [this] { EXPECT_EQ(read_thread_of(root_).replies.size(), 20U); };
  add_replies(bob_, root_, few);
  const auto with_few = work_of(reading);
  add_replies(bob_, root_, many);
  expect_flat(with_few, work_of(reading));
}

TEST_P(bounded_reads, of_a_thread_cost_the_same_however_often_one_reply_is_answered) {
  const uuid reply = add_reply(root_);
  const auto reading = [&] {
    const thread got = read_thread_of(root_);
    ASSERT_EQ(got.replies.size(), 1U);
    EXPECT_EQ(got.replies[0].replies.size(), thread_max_children);
    EXPECT_TRUE(got.replies[0].more);
  };
  add_replies(bob_, reply, few);
  const auto with_few = work_of(reading);
  add_replies(bob_, reply, many);
  expect_flat(with_few, work_of(reading));
}

TEST_P(bounded_reads, of_a_persons_posts_cost_the_same_however_much_the_person_replied) {
  const auto reading = [this] {
    EXPECT_EQ(run(measured_timelines_->by_author({.now = start}, ann_, {}))->rows.size(), 1U);
  };
  add_replies(ann_, root_, few);
  const auto with_few = work_of(reading);
  add_replies(ann_, root_, many);
  expect_flat(with_few, work_of(reading));
}

TEST_P(bounded_reads, of_the_home_feed_cost_the_same_however_much_is_replied) {
  const auto reading = [this] {
    EXPECT_EQ(run(measured_timelines_->home({.viewer = bob_, .now = start}, {}))->rows.size(), 1U);
  };
  add_replies(ann_, root_, few);
  const auto with_few = work_of(reading);
  add_replies(ann_, root_, many);
  expect_flat(with_few, work_of(reading));
}

TEST_P(bounded_reads, of_liked_posts_cost_the_same_however_many_replies_are_liked) {
  ASSERT_TRUE(run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, root_, true)));
  const auto reading = [this] {
    const auto liked = run(
        measured_reactions_->newest_roots({.viewer = bob_, .now = start}, reaction::like, {}, few));
    EXPECT_EQ(*liked, std::vector<uuid>{root_});
  };
  add_replies(ann_, root_, few);
  like_all_replies(bob_);
  const auto with_few = work_of(reading);
  add_replies(ann_, root_, many);
  script(fmt::format("DELETE FROM likes WHERE activity_uuid <> {};", literal(root_)));
  like_all_replies(bob_);
  expect_flat(with_few, work_of(reading));
}

TEST_P(bounded_reads, of_the_home_feed_cost_the_same_however_much_has_expired_unswept) {
  const uuid older = add_older_post(ann_);
  const auto reading = [&] {
    const auto read = run(measured_timelines_->home({.viewer = bob_, .now = start}, {{}, 2}));
    ASSERT_EQ(read->rows.size(), 2U);
    EXPECT_EQ(read->rows.back().id, older);
  };
  add_expired(bob_, some);
  const auto with_some = work_of(reading);
  add_expired(bob_, many);
  expect_flat(with_some, work_of(reading));
}

TEST_P(bounded_reads, of_a_persons_posts_cost_the_same_however_many_have_expired_unswept) {
  const uuid older = add_older_post(bob_);
  const auto reading = [&] {
    const auto read = run(measured_timelines_->by_author({.viewer = ann_, .now = start}, bob_, {}));
    ASSERT_EQ(read->rows.size(), 1U);
    EXPECT_EQ(read->rows.front().id, older);
  };
  add_expired(bob_, some);
  const auto with_some = work_of(reading);
  add_expired(bob_, many);
  expect_flat(with_some, work_of(reading));
}

TEST_P(bounded_reads, of_liked_posts_cost_the_same_however_many_have_expired_unswept) {
  constexpr std::size_t limit = 2;  // more than that bob likes
  const uuid older = add_older_post(ann_);
  for (const uuid& each : {older, root_, add_reply(root_)}) {
    ASSERT_TRUE(run(reactions_->set({.viewer = bob_, .now = start}, reaction::like, each, true)));
  }
  const auto reading = [&] {
    const auto liked = run(measured_reactions_->newest_roots({.viewer = bob_, .now = start},
                                                             reaction::like, {}, limit));
    EXPECT_EQ(std::set<uuid>(liked->begin(), liked->end()), (std::set<uuid>{root_, older}));
  };
  add_expired(ann_, some);
  const auto with_some = work_of(reading);
  add_expired(ann_, many);
  expect_flat(with_some, work_of(reading));
}

TEST_P(bounded_reads, give_posts_of_every_lifetime_newest_first_up_to_their_last_millisecond) {
  std::vector<std::pair<uuid, time_point>> made;
  std::vector<milliseconds> lives{milliseconds{1}, hours{5}, hours{40 * 24}};  // none of the seven
  for (const time_to_live& each : lifetimes) lives.emplace_back(each.duration);
  const auto newest = std::ranges::max(lives);
  time_point at = start - newest;
  for (int round = 0; round < 3; ++round) {
    for (const auto& each : lives) {
      at += milliseconds{7};
      const uuid id = make_uuid_v7(at);
      ASSERT_TRUE(run(store_->create_post({id, bob_, "a post", at, {}}, at + each)));
      made.emplace_back(id, at + each);
    }
  }
  std::vector<time_point> moments{at};
  for (const auto& [id, expires_at] : made) {
    moments.insert(moments.end(), {expires_at - milliseconds{1}, expires_at});
  }
  for (const time_point now : moments) {
    std::vector<uuid> wanted;
    for (const auto& [id, expires_at] : made) {
      if (expires_at > now) wanted.insert(wanted.begin(), id);
    }
    std::vector<uuid> by_bob;
    for (const auto& each : run(timelines_->by_author({.now = now}, bob_, {{}, 100}))->rows) {
      by_bob.push_back(each.id);
    }
    EXPECT_EQ(by_bob, wanted);
    std::vector<uuid> at_home;
    const page_request below_ann{root_, 100};
    for (const auto& each : run(timelines_->home({.now = now}, below_ann))->rows)
      at_home.push_back(each.id);
    EXPECT_EQ(at_home, wanted);
    wanted.resize(std::min<std::size_t>(wanted.size(), 5));
    at_home.clear();
    for (const auto& each : run(timelines_->home({.now = now}, {root_, 5}))->rows)
      at_home.push_back(each.id);
    EXPECT_EQ(at_home, wanted) << "a page";
  }
}

TEST_P(bounded_reads, of_a_deep_reply_cost_the_same_however_deep_it_is) {
  uuid parent = root_;
  for (int i = 0; i < 60; ++i) parent = add_reply(parent);
  const uuid shallow = parent;
  for (int i = 0; i < 60; ++i) parent = add_reply(parent);
  const auto work = [&](uuid id) {
    return work_of([&] {
      const thread got = read_thread_of(id);
      EXPECT_EQ(got.ancestors.size(), thread_max_ancestors);
      ASSERT_TRUE(got.distant_root);
      EXPECT_EQ(got.distant_root->id, root_);
    });
  };
  const auto of_the_shallow = work(shallow);
  expect_flat(of_the_shallow, work(parent));
}

TEST_P(bounded_reads, reach_every_reply_page_by_page) {
  const uuid reply = add_reply(root_);
  add_replies(bob_, reply, 95);
  const thread above = read_thread_of(root_);
  ASSERT_EQ(above.replies.size(), 1U);
  std::vector<uuid> seen;
  for (const auto& each : above.replies[0].replies) seen.push_back(each.reply.id);
  EXPECT_TRUE(above.replies[0].more);
  for (bool more = true; more;) {
    const thread page = read_thread_of(reply, {seen.back(), 20});
    for (const auto& each : page.replies) seen.push_back(each.reply.id);
    more = page.more;
  }
  EXPECT_EQ(seen.size(), 95U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST_P(bounded_reads, tell_of_replies_below_a_tombstone_beyond_what_is_shown) {
  const uuid reply = add_reply(root_);
  add_replies(bob_, reply, static_cast<int>(thread_max_children));
  const uuid last = make_uuid_v7(from_unix_ms(0x0300'0000'0000));
  ASSERT_TRUE(run(store_->create_reply({last, ann_, "to be taken back", start, {}}, reply)));
  add_reply(last);
  const activity made = *run(store_->find({.now = start}, last))->live;
  ASSERT_TRUE(run(store_->remove({.now = start}, made))->tombstone);
  const thread got = read_thread_of(root_);
  EXPECT_EQ(got.replies.at(0).reply.counts.replies, static_cast<std::int64_t>(thread_max_children));
  EXPECT_TRUE(got.replies.at(0).more);
  EXPECT_TRUE(read_thread_of(reply, {{}, thread_max_children}).more);
}

TEST_P(bounded_reads, of_a_wide_tree_end_at_the_bound_on_all_rows_and_tell_whose_replies_are_cut) {
  std::vector<uuid> direct;
  for (int i = 0; i < 20; ++i) direct.push_back(add_reply(root_));
  for (const uuid& each : direct) add_replies(bob_, each, 30);
  const thread got = read_thread_of(root_);
  ASSERT_EQ(got.replies.size(), 20U);
  std::size_t rows = got.replies.size();
  for (const auto& each : got.replies) {
    rows += each.replies.size();
    EXPECT_TRUE(each.more);
  }
  EXPECT_LE(rows, thread_max_rows);
  EXPECT_GE(rows, thread_max_rows - 20);
}

}  // namespace
}  // namespace cruddur
