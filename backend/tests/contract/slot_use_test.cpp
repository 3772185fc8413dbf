// Which tables have slots of keys, and how what is lost with its key ends.
#include "adapters/sql/slot_use.hpp"

#include <set>

#include <gmock/gmock.h>

#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/slot_tables.hpp"
#include "adapters/sql/stored_keys.hpp"
#include "contract/activity_fixture.hpp"
#include "support/sql_literal.hpp"

namespace cruddur {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class slot_use : public test::activity_fixture {
 protected:
  key_slot slot_of(uuid id) {
    const auto found = run(db().read("SELECT slot FROM activities WHERE uuid = $1"_sql, {id}));
    return found->rows.at(0).integer(0);
  }

  void lose(uuid id) { ASSERT_TRUE(run(database().keys().destroy({slot_of(id)}))); }

  sql::lost_contents lost_posts() {
    auto found = run(sql::find_lost(db(), database().keys()));
    EXPECT_TRUE(found);
    EXPECT_EQ(found->front().contents, "posts");
    return found->front();
  }

  bool is_sqlite() { return db().kind() == sql::engine::sqlite; }
};

INSTANTIATE_TEST_SUITE_P(on, slot_use, test::engines(), test::engine_name);

// Whoever adds a table with slots and forgets its line loses keys of living contents by `cruddur
// keys collect`, or triggers, and its ends don't end.
TEST_P(slot_use, knows_every_table_with_slots_and_each_of_them_records_its_ends) {
  const auto& columns = is_sqlite()
                            ? "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c "
                              "WHERE m.type = 'table' AND c.name = 'slot'"_sql
                            : "SELECT CAST(table_name AS text) FROM information_schema.columns "
                              "WHERE table_schema = 'public' AND column_name = 'slot'"_sql;
  std::set<std::string> found;
  for (const auto& each : run(db().read(columns, {}))->rows) found.insert(each.text(0));
  std::set<std::string> known{"ended_keys"};
  if (!is_sqlite()) known.insert({"content_keys", "content_keys_0", "content_keys_1"});
  for (const auto& each : sql::slot_tables) known.emplace(each.name);
  EXPECT_EQ(found, known);

  const auto& triggers =
      is_sqlite() ? "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1 "
                    "AND sql LIKE '%INTO ended_keys%'"_sql
                  : "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                    "WHERE t.tgrelid = CAST($1 AS text)::regclass AND p.proname = 'end_key'"_sql;
  for (const auto& each : sql::slot_tables) {
    const auto count = run(db().read(triggers, {std::string{each.name}}));
    EXPECT_GE(count->rows.at(0).integer(0), 2) << each.name;
  }
}

TEST_P(slot_use, tells_what_does_not_open) {
  const activity kept = post(ann_);
  const activity lost = post(bob_);
  const activity swapped = post(bob_);
  lose(lost.id);
  // A key is there, and is another's: as in an older copy of a key file.
  ASSERT_TRUE(run(db().write_one(
      "UPDATE activities SET sealed = (SELECT sealed FROM activities WHERE uuid = $1) "
      "WHERE uuid = $2"_sql,
      {kept.id, swapped.id})));
  const auto found = lost_posts();
  EXPECT_EQ(found.kept, 1);
  EXPECT_THAT(found.lost, UnorderedElementsAre(slot_of(lost.id), slot_of(swapped.id)));
  EXPECT_EQ(run(sql::count_slots(db())).value(), 6) << "with two profiles and a key of the index";
  EXPECT_GE(run(sql::greatest_slot(db())).value(), slot_of(swapped.id));
}

TEST_P(slot_use, ends_what_is_lost_as_lost_and_leaves_what_stands_below_it) {
  const activity lost = post(ann_);
  const activity above = post(ann_);
  const activity answer = reply(bob_, above.id);
  const activity kept = post(bob_);
  lose(lost.id);
  lose(above.id);
  ASSERT_TRUE(run(sql::end_lost(db(), lost_posts().lost, test::start)));
  EXPECT_EQ(find(lost.id).gone, gone_reason::lost);
  EXPECT_TRUE(find(above.id).live->deleted);
  EXPECT_EQ(find(answer.id).live->message, "a reply");
  EXPECT_EQ(find(kept.id).live->message, "a post");
  EXPECT_TRUE(lost_posts().lost.empty());
  sweep(test::start);
  EXPECT_EQ(find(lost.id).gone, gone_reason::lost);
  const auto ended = sql::create_ended_keys(db());
  EXPECT_EQ(run(ended->oldest(10)).value().size(), 2U) << "their slots are recorded as ended";
  ASSERT_TRUE(run(sql::end_lost(db(), lost_posts().lost, test::start))) << "twice is harmless";
}

class stored_keys : public test::database_test {};

INSTANTIATE_TEST_SUITE_P(on, stored_keys, ::testing::Values(sql::engine::postgres),
                         test::engine_name);

TEST_P(stored_keys, are_kept_under_their_slots_and_none_is_given_out_below_what_is_passed) {
  std::vector<reserved_key> keys(3);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i].slot = static_cast<key_slot>(5000 + 700 * i);
    keys[i].key.bytes()[0] = static_cast<std::uint8_t>(i + 1);
  }
  ASSERT_TRUE(run(sql::store_keys(db(), keys)));
  ASSERT_TRUE(run(sql::store_keys(db(), keys))) << "a stopped copy is begun again";
  const auto found = run(sql::read_stored_keys(db(), 5000, 10)).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].slot, keys[1].slot);
  EXPECT_EQ(found[0].key, keys[1].key);
  EXPECT_EQ(run(sql::greatest_slot(db())).value(), 6400);
  ASSERT_TRUE(run(sql::pass_slots(db(), 100'000)));
  ASSERT_TRUE(run(sql::pass_slots(db(), 7)));
  ASSERT_TRUE(
      run(db().write_one("INSERT INTO content_key_reservations (reserved_at) VALUES (0)"_sql, {})));
  const auto first = run(db().read("SELECT first FROM content_key_reservations"_sql, {}));
  EXPECT_GT(first->rows.at(0).integer(0), 100'000);
  const auto block = first->rows.at(0).integer(0);
  reserved_key ready{.slot = block + 5, .key = {}};
  ASSERT_TRUE(run(sql::store_keys(db(), {ready})));
  EXPECT_EQ(run(sql::read_settled_slots(db(), 5000, 10)).value(),
            (std::vector<key_slot>{keys[1].slot, keys[2].slot}))
      << "a server may have the key of the block ready";
  ASSERT_TRUE(run(sql::destroy_stored_keys(db())));
  EXPECT_EQ(run(sql::count_stored_keys(db())).value(), 0);
}

}  // namespace
}  // namespace cruddur
