// What both drivers promise, run on each.
#include <gtest/gtest.h>

#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using sql::command;
using sql::parameters;
using sql::value;

class either_database : public test::database_test {
 protected:
  either_database() : test::database_test{test::schema::none} {
    const bool is_sqlite = db().kind() == sql::engine::sqlite;
    const std::string blob = is_sqlite ? "BLOB" : "bytea";
    const std::string id = is_sqlite ? "BLOB" : "uuid";
    const auto made = db().execute_script(
        "CREATE TABLE thing (id " + id + " PRIMARY KEY, number BIGINT, word TEXT, data " + blob +
        ");"
        "CREATE UNIQUE INDEX thing_word ON thing (word, number);"
        "CREATE TABLE part (thing " +
        id +
        " NOT NULL REFERENCES thing (id), name TEXT NOT NULL);"
        "CREATE UNIQUE INDEX part_lower_name ON part (lower(name));"
        "CREATE TABLE tally (number BIGINT NOT NULL CHECK (number >= 0));"
        "INSERT INTO tally VALUES (0);");
    EXPECT_TRUE(made);
  }

  sql::driver_result<std::vector<sql::query_result>> write(std::vector<command> commands) {
    return run(db().write(std::move(commands)));
  }

  sql::driver_result<sql::query_result> read(const sql::statement& text, parameters values = {}) {
    return run(db().read(text, std::move(values)));
  }

  std::int64_t count() { return read("SELECT count(*) FROM thing"_sql)->rows.at(0).integer(0); }
};

INSTANTIATE_TEST_SUITE_P(on, either_database, test::engines(), test::engine_name);

const sql::statement insert{"insert_thing",
                            "INSERT INTO thing (id, number, word, data) VALUES ($1, $2, $3, $4)"};

command thing(uuid id, std::int64_t number, std::string word) {
  return {insert, {id, number, std::move(word), value{}}};
}

TEST_P(either_database, gives_back_each_type_as_it_was_given) {
  const auto id = make_uuid_v4();
  const std::string data{"\x00\xff\x01 not text", 12};
  ASSERT_TRUE(write({{insert, {id, std::int64_t{-5'000'000'000}, "Grüße 👋", sql::bytes{data}}}}));
  const auto got =
      read("SELECT id, number, word, data, number IS NULL, word = $1 FROM thing"_sql, {"Grüße 👋"});
  ASSERT_TRUE(got);
  const sql::row& row = got->rows.at(0);
  EXPECT_EQ(row.id(0), id);
  EXPECT_EQ(row.integer(1), -5'000'000'000);
  EXPECT_EQ(row.text(2), "Grüße 👋");
  EXPECT_EQ(row.blob(3), data);
  EXPECT_FALSE(row.boolean(4));
  EXPECT_TRUE(row.boolean(5));
}

TEST_P(either_database, keeps_null_apart_from_empty) {
  ASSERT_TRUE(write({{insert, {make_uuid_v4(), value{}, "", sql::bytes{}}}}));
  const auto got = read("SELECT number, word, data FROM thing"_sql);
  const sql::row& row = got->rows.at(0);
  EXPECT_TRUE(row.is_null(0));
  EXPECT_EQ(row.text(1), "");
  EXPECT_EQ(row.blob(2), "");
  EXPECT_THROW((void)row.integer(0), std::logic_error);
  EXPECT_THROW((void)row.text(9), std::logic_error);
}

TEST_P(either_database, takes_typed_nulls_in_a_select_list) {
  static const sql::statement text{"text",
                                   "INSERT INTO thing (id, number, word) SELECT $1, $2, $3"};
  ASSERT_TRUE(
      write({{text, {make_uuid_v4(), sql::null_of_type::integer, sql::null_of_type::text}}}));
  ASSERT_TRUE(write({{text, {make_uuid_v4(), std::int64_t{4}, "four"}}}));
  EXPECT_EQ(count(), 2);
}

TEST_P(either_database, reuses_a_statement_after_a_null_of_no_type) {
  for (const auto& number : {value{}, value{std::int64_t{3}}, value{}}) {
    ASSERT_TRUE(write({{insert, {make_uuid_v4(), number, value{}, value{}}}}));
  }
  EXPECT_EQ(count(), 3);
}

TEST_P(either_database, binds_parameters_by_number_not_by_place) {
  const auto got =
      read("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)"_sql, {"a", "b"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->rows.at(0).text(0), "b");
  EXPECT_EQ(got->rows.at(0).text(1), "a");
  EXPECT_EQ(got->rows.at(0).text(2), "b");
}

TEST_P(either_database, sums_are_integers) {
  ASSERT_TRUE(write({thing(make_uuid_v4(), 70'000, "a"), thing(make_uuid_v4(), -200'000, "b"),
                     thing(make_uuid_v4(), 3'000'000'000'000, "c")}));
  const auto got = read("SELECT sum(number), count(*), sum(number) - sum(number) FROM thing"_sql);
  EXPECT_EQ(got->rows.at(0).integer(0), 2'999'999'870'000);
  EXPECT_EQ(got->rows.at(0).integer(1), 3);
  EXPECT_EQ(got->rows.at(0).integer(2), 0);
}

TEST_P(either_database, counts_changed_rows_and_returns_rows) {
  const auto id = make_uuid_v4();
  const auto got = write({thing(id, 1, "a"),
                          {"UPDATE thing SET number = 2 WHERE number > $1"_sql, {std::int64_t{0}}},
                          {"UPDATE thing SET number = 3 RETURNING number, word"_sql, {}},
                          {"DELETE FROM thing WHERE number = $1"_sql, {std::int64_t{99}}},
                          {"SELECT number FROM thing"_sql, {}}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->at(0).affected_rows, 1);
  EXPECT_EQ(got->at(1).affected_rows, 1);
  EXPECT_EQ(got->at(2).affected_rows, 1);
  EXPECT_EQ(got->at(2).rows.at(0).integer(0), 3);
  EXPECT_EQ(got->at(3).affected_rows, 0);
  EXPECT_EQ(got->at(4).affected_rows, 0);
  EXPECT_EQ(got->at(4).rows.size(), 1U);
}

TEST_P(either_database, undoes_all_of_a_write_when_one_command_fails) {
  const auto id = make_uuid_v4();
  const auto got = write({thing(id, 1, "a"), thing(make_uuid_v4(), 2, "b"), thing(id, 3, "c")});
  ASSERT_FALSE(got);
  EXPECT_EQ(count(), 0);
}

TEST_P(either_database, names_the_columns_of_a_unique_violation) {
  const auto id = make_uuid_v4();
  ASSERT_TRUE(write({thing(id, 1, "a"), {"INSERT INTO part VALUES ($1, 'Wheel)=(')"_sql, {id}}}));

  const auto key = write({thing(id, 2, "b")});
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, sql::driver_fault::unique_violation);
  EXPECT_EQ(key.error().field, "thing.id");

  const auto index = write({thing(make_uuid_v4(), 1, "a")});
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().field, "thing.word,number");

  const auto expression = write({{"INSERT INTO part VALUES ($1, 'wheel)=(')"_sql, {id}}});
  ASSERT_FALSE(expression);
  EXPECT_EQ(expression.error().field, "part_lower_name");
}

TEST_P(either_database, tells_when_a_row_that_is_referred_to_is_gone) {
  const auto got = write({{"INSERT INTO part VALUES ($1, 'wheel')"_sql, {make_uuid_v4()}}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, sql::driver_fault::foreign_key_violation);
}

TEST_P(either_database, names_the_statement_that_can_not_work) {
  static const sql::statement broken_read{"broken_read", "SELECT nonsense FROM thing"};
  static const sql::statement broken_write{"broken_write", "INSERT INTO nowhere VALUES (1)"};
  const auto said = [](const auto& action) -> std::string {
    try {
      action();
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_THAT(said([&] { (void)read(broken_read); }), testing::StartsWith("broken_read: "));
  // Not the first command of the transaction, but the one at fault.
  EXPECT_THAT(said([&] { (void)write({thing(make_uuid_v4(), 1, "a"), {broken_write, {}}}); }),
              testing::StartsWith("broken_write: "));
}

TEST_P(either_database, throws_for_a_statement_that_can_not_work_and_goes_on) {
  EXPECT_THROW((void)read("SELECT nonsense FROM thing"_sql), std::logic_error);
  EXPECT_THROW((void)write({{"INSERT INTO nowhere VALUES (1)"_sql, {}}}), std::logic_error);
  EXPECT_THROW((void)write({{"UPDATE tally SET number = -1"_sql, {}}}), std::logic_error);
  EXPECT_THROW((void)write({{"SELECT number FROM tally WHERE number = $1 AND number = $2"_sql,
                             {std::int64_t{1}}}}),
               std::logic_error);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(write({thing(make_uuid_v4(), 1, "a")}));
}

TEST_P(either_database, takes_a_script_as_one_transaction) {
  ASSERT_TRUE(db().execute_script("UPDATE tally SET number = 5; UPDATE tally SET number = 6;"));
  EXPECT_THROW((void)db().execute_script("UPDATE tally SET number = 7; SELECT broken;"),
               std::logic_error);
  EXPECT_EQ(read("SELECT number FROM tally"_sql)->rows.at(0).integer(0), 6);
}

TEST_P(either_database, survives_a_change_of_the_schema_under_a_prepared_statement) {
  static const sql::statement all{"all", "SELECT * FROM tally"};
  EXPECT_EQ(read(all)->rows.at(0).integer(0), 0);
  ASSERT_TRUE(db().execute_script("ALTER TABLE tally ADD COLUMN more BIGINT NOT NULL DEFAULT 8"));
  EXPECT_EQ(read(all)->rows.at(0).integer(1), 8);
}

// Writers in a closed loop; each reads its own write back at once, and counts that in `done`.
task<int> write_and_read(sql::database* db, int times, std::int64_t writer,
                         std::atomic<int>* done) {
  int seen = 0;
  for (int i = 0; i < times; ++i) {
    const auto id = make_uuid_v7(system_clock{}.now());
    std::vector<command> commands;
    commands.push_back(thing(id, i, "writer " + std::to_string(writer)));
    commands.push_back({"UPDATE tally SET number = number + 1"_sql, {}});
    // Every fifth breaks a key after it has changed something.
    if (i % 5 == 4) commands.push_back(thing(id, i, "again"));
    const auto written = co_await db->write(std::move(commands));
    parameters which;
    which.push_back(id);
    const auto got =
        co_await db->read("SELECT number FROM thing WHERE id = $1"_sql, std::move(which));
    if (got && got->rows.size() == (written ? 1U : 0U)) ++seen;
    ++*done;
  }
  co_return seen;
}

TEST_P(either_database, many_writers_see_their_own_writes_and_failures_hurt_nobody_else) {
  constexpr int writers = 64;
  constexpr int times = 10;
  std::vector<std::future<int>> all;
  std::atomic<int> done{0};
  for (int i = 0; i < writers; ++i) {
    all.push_back(boost::asio::co_spawn(database().loops().loop(static_cast<std::size_t>(i % 2)),
                                        write_and_read(&db(), times, i, &done),
                                        boost::asio::use_future));
  }
  for (auto& each : all) {
    ASSERT_TRUE(test::finishes(each, done)) << "after " << done << " writes nothing happened";
    EXPECT_EQ(each.get(), times);
  }
  EXPECT_EQ(count(), writers * times * 4 / 5);
  EXPECT_EQ(read("SELECT number FROM tally"_sql)->rows.at(0).integer(0), writers * times * 4 / 5);
}

TEST_P(either_database, keeps_what_was_acknowledged_over_a_restart) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(write({thing(make_uuid_v4(), i, "kept")}));
  database().reopen();
  EXPECT_EQ(count(), 20);
}

TEST_P(either_database, purges_a_table) {
  const auto done = run(db().purge({"thing"}));
  ASSERT_TRUE(done);
  EXPECT_TRUE(*done);
}

TEST_P(either_database, refuses_calls_after_close) {
  db().close();
  const auto got = write({thing(make_uuid_v4(), 1, "late")});
  ASSERT_FALSE(got);
  EXPECT_TRUE(is_refusal(got.error().kind));
}

}  // namespace
}  // namespace cruddur
