#include "adapters/sql/migrations.hpp"

#include <future>

#include <gmock/gmock.h>

#include "adapters/sql/clear_texts.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr sql::migration known[] = {
    {1, "first", "CREATE TABLE one (a BIGINT); CREATE TABLE also (a BIGINT);",
     "DROP TABLE also; DROP TABLE one;"},
    {2, "second", "INSERT INTO one VALUES (2);", "DELETE FROM one;"},
    {3, "third", "CREATE TABLE three (a BIGINT);", "DROP TABLE three;"},
};

class migrations : public test::database_test {
 protected:
  migrations() : test::database_test{test::schema::none} {}

  std::int64_t ones() {
    return run(db().read("SELECT count(*) FROM one"_sql, {}))->rows.at(0).integer(0);
  }
};

INSTANTIATE_TEST_SUITE_P(on, migrations, test::engines(), test::engine_name);

TEST_P(migrations, are_planned_applied_and_listed) {
  EXPECT_THAT(*sql::migration_plan(db(), known), ElementsAre("first", "second", "third"));
  EXPECT_THAT(*sql::migrate_up(db(), std::span{known}.first(2)), ElementsAre("first", "second"));
  EXPECT_EQ(ones(), 1);
  EXPECT_THAT(*sql::migration_plan(db(), known), ElementsAre("third"));
  const auto states = sql::migration_status(db(), known);
  ASSERT_EQ(states->size(), 3U);
  EXPECT_TRUE(states->at(1).applied);
  EXPECT_FALSE(states->at(2).applied);
  EXPECT_EQ(states->at(2).name, "third");
  EXPECT_THAT(*sql::migrate_up(db(), known), ElementsAre("third"));
  EXPECT_THAT(*sql::migrate_up(db(), known), IsEmpty());
}

TEST_P(migrations, are_undone_from_the_newest) {
  ASSERT_TRUE(sql::migrate_up(db(), known));
  EXPECT_EQ(*sql::migrate_down(db(), known), "third");
  EXPECT_EQ(*sql::migrate_down(db(), known), "second");
  EXPECT_EQ(ones(), 0);
  EXPECT_EQ(*sql::migrate_down(db(), known), "first");
  EXPECT_EQ(*sql::migrate_down(db(), known), "");
  EXPECT_THAT(*sql::migrate_up(db(), known), ElementsAre("first", "second", "third"));
}

TEST_P(migrations, refuse_a_schema_from_the_future_in_words) {
  ASSERT_TRUE(sql::migrate_up(db(), known));
  const auto older = std::span{known}.first(2);
  for (const auto& fault :
       {sql::migrate_up(db(), older).error(), sql::migrate_down(db(), older).error(),
        sql::migration_status(db(), older).error()}) {
    EXPECT_EQ(fault.kind, fault_kind::conflict);
    EXPECT_THAT(fault.codes, ElementsAre("schema_from_future"));
    EXPECT_THAT(fault.detail, testing::HasSubstr("third"));
  }
}

TEST_P(migrations, refuse_a_changed_text_in_words) {
  ASSERT_TRUE(sql::migrate_up(db(), known));
  std::vector<sql::migration> changed(std::begin(known), std::end(known));
  changed[1].up = "INSERT INTO one VALUES (3);";
  const auto got = sql::migrate_up(db(), changed);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().codes, ElementsAre("schema_checksum"));
  EXPECT_THAT(got.error().detail, testing::HasSubstr("second"));
}

TEST_P(migrations, change_nothing_when_one_fails) {
  std::vector<sql::migration> broken(std::begin(known), std::end(known));
  broken[1].up = "INSERT INTO one VALUES (2); INSERT INTO nowhere VALUES (2);";
  EXPECT_THROW((void)sql::migrate_up(db(), broken), std::logic_error);
  EXPECT_EQ(ones(), 0);
  EXPECT_THAT(*sql::migrate_up(db(), known), ElementsAre("second", "third"));
}

TEST_P(migrations, are_applied_once_by_processes_that_start_together) {
  constexpr int processes = 6;
  std::vector<std::future<result<std::vector<std::string>>>> all;
  for (int i = 0; i < processes; ++i) {
    all.push_back(std::async(std::launch::async, [this] { return sql::migrate_up(db(), known); }));
  }
  std::size_t applied = 0;
  for (auto& each : all) {
    const auto got = each.get();
    ASSERT_TRUE(got) << got.error().detail;
    applied += got->size();
  }
  EXPECT_EQ(applied, 3U);
  EXPECT_EQ(ones(), 1);
}

TEST_P(migrations, of_this_program_go_up_and_down_and_up) {
  const auto own = sql::migrations_for(db().kind());
  const auto undoable = own.first(sql::clear_texts_end - 1);
  ASSERT_EQ(sql::migrate_up(db(), undoable)->size(), undoable.size());
  for (std::size_t i = 0; i < undoable.size(); ++i) {
    EXPECT_NE(*sql::migrate_down(db(), undoable), "");
  }
  EXPECT_EQ(*sql::migrate_down(db(), undoable), "");
  EXPECT_EQ(sql::migrate_up(db())->size(), own.size());
}

TEST_P(migrations, that_leave_nothing_to_go_back_to_are_not_undone) {
  ASSERT_TRUE(sql::migrate_up(db()));
  auto undone = sql::migrate_down(db());
  while (undone && !undone->empty()) undone = sql::migrate_down(db());
  ASSERT_FALSE(undone);
  EXPECT_THAT(undone.error().codes, ElementsAre("migration_final"));
  EXPECT_THAT(undone.error().detail, testing::HasSubstr("what is sealed can't be read"));
  EXPECT_THAT(*sql::migration_plan(db()),
              testing::Not(testing::Contains(testing::HasSubstr("no_clear_text"))));
  EXPECT_TRUE(sql::migrate_up(db()));
}

}  // namespace
}  // namespace cruddur
