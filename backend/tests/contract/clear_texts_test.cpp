// A database that an older version filled with clear text: after the upgrade all of it can be read
// as before, and none of it stands in the database's files.
#include "adapters/sql/clear_texts.hpp"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adapters/sql/account_store.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/pending_rewrites.hpp"
#include "adapters/sql/profile_store.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

const time_point now = from_unix_ms(1'800'000'000'000);
constexpr int posts = 700;  // more than are sealed at once
constexpr int last_clear = 10;

class clear_texts : public test::database_test {
 protected:
  clear_texts() : test::database_test{test::schema::none} {}

  void write(const sql::statement& text, sql::parameters values) {
    ASSERT_TRUE(run(db().write_one(text, std::move(values))));
  }

  void SetUp() override {
    ASSERT_TRUE(sql::migrate_up(db(), sql::migrations_for(db().kind()).first(last_clear)));
    const auto at = to_unix_ms(now);
    write(
        "INSERT INTO pool_accounts (uuid, email, handle, display_name, salt, sealed_verifier, "
        "created_at) VALUES ($1, 'clear@example.com', 'clear_handle', 'Clear Name', $2, $2, $3)"_sql,
        {account_id, sql::bytes{"x"}, at});
    write(
        "INSERT INTO users (uuid, handle, display_name, bio, created_at, identity_id) VALUES "
        "($1, 'clear_handle', 'Clear Name', 'clear bio', $2, $3)"_sql,
        {person, at, account_id});
    write(
        "INSERT INTO pool_codes (account_uuid, purpose, seed, hash, email, made_at, expires_at) "
        "VALUES ($1, 2, $2, $2, 'clear_new@example.com', $3, $4)"_sql,
        {account_id, sql::bytes{"hash"}, at, at + 900'000});
    std::vector<sql::command> commands;
    static const sql::statement insert{
        "insert_clear_post",
        "INSERT INTO activities (uuid, user_uuid, message, created_at, expires_at, lifetime_class) "
        "VALUES ($1, $2, $3, $4, $5, 3)"};
    for (int i = 0; i < posts; ++i) {
      ids.push_back(make_uuid_v7(now));
      commands.push_back(
          {insert, {ids.back(), person, fmt::format("clear text {}", i), at, at + 86'400'000}});
    }
    ASSERT_TRUE(run(db().write(std::move(commands))));
  }

  // In the files of the database, as whoever copies them finds it.
  bool stands_in_files(const std::string& text) {
    if (db().kind() == sql::engine::sqlite) {
      for (const char* suffix : {"", "-wal"}) {
        std::ifstream file{database().file().string() + suffix, std::ios::binary};
        const std::string all{std::istreambuf_iterator<char>{file}, {}};
        if (all.contains(text)) return true;
      }
      return false;
    }
    EXPECT_TRUE(db().execute_script("CHECKPOINT"));
    static const sql::statement search{
        "search_tables",
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relfilenode <> 0 "
        "AND pg_relation_filepath(oid) LIKE 'base/%' "
        "AND position(convert_to($1, 'UTF8') IN pg_read_binary_file(pg_relation_filepath(oid))) "
        "> 0"};
    return run(db().read(search, {text}))->rows.at(0).integer(0) > 0;
  }

  std::vector<std::string> pending() { return run(sql::pending_rewrites(db())).value(); }

  uuid account_id = make_uuid_v4();
  uuid person = make_uuid_v4();
  std::vector<uuid> ids;
};

INSTANTIATE_TEST_SUITE_P(on, clear_texts, test::engines(), test::engine_name);

TEST_P(clear_texts, are_read_as_before_and_stand_nowhere_after_the_upgrade) {
  const std::vector<std::string> words{"clear text 699", "clear@example.com", "clear_handle",
                                       "Clear Name",     "clear bio",         "clear_new@"};
  for (const std::string& each : words) EXPECT_TRUE(stands_in_files(each)) << each;
  ASSERT_TRUE(database().migrate());
  ASSERT_FALSE(pending().empty());
  ASSERT_TRUE(db().rewrite(pending()));
  ASSERT_TRUE(run(sql::forget_rewrites(db())));
  EXPECT_THAT(pending(), IsEmpty());
  for (const std::string& each : words) EXPECT_FALSE(stands_in_files(each)) << each;

  const auto accounts = sql::create_account_store(db(), vault(), index());
  const auto profiles = sql::create_profile_store(db(), vault(), index());
  const auto activities = sql::create_activity_store(db(), vault());
  const auto account = run(accounts->find_by_email("clear@example.com", now)).value();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->id, account_id);
  EXPECT_EQ(account->display_name, "Clear Name");
  EXPECT_TRUE(run(accounts->find_by_handle("clear_handle", now)).value());
  EXPECT_EQ(run(profiles->find_by_handle("clear_handle")).value()->bio, "clear bio");
  EXPECT_EQ(run(accounts->code_address(account_id, code_purpose::email_change, now)).value(),
            "clear_new@example.com");
  const auto last = run(activities->find({.now = now}, ids.back())).value().live;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->message, "clear text 699");
  EXPECT_EQ(last->handle, "clear_handle");
}

TEST_P(clear_texts, that_are_sealed_in_part_are_sealed_on) {
  const auto stop = [](std::size_t) { throw std::runtime_error("stopped"); };
  const auto stopping = [&](const sql::migration& next) -> result<> {
    if (next.number != sql::clear_texts_end) return {};
    return run(sql::seal_clear_texts(db(), vault(), stop));
  };
  EXPECT_THROW((void)sql::migrate_up(db(), stopping), std::runtime_error);
  ASSERT_TRUE(database().migrate());
  const auto activities = sql::create_activity_store(db(), vault());
  for (const uuid& each : {ids.front(), ids.back()}) {
    EXPECT_TRUE(run(activities->find({.now = now}, each)).value().live);
  }
}

}  // namespace
}  // namespace cruddur
