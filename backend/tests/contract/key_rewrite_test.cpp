// Within an hour of their end the keys in a PostgreSQL table are in no file of it.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>

#include "adapters/postgres/postgres_database.hpp"
#include "adapters/sql/key_table.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using sql::key_table;
using ::testing::IsEmpty;
using ::testing::Not;

class key_rewrite : public test::database_test {
 protected:
  std::int64_t number(const sql::statement& text) {
    return run(db().read(text, {}))->rows.at(0).integer(0);
  }
  std::string text(const sql::statement& text) {
    return run(db().read(text, {}))->rows.at(0).text(0);
  }

  std::vector<reserved_key> reserve(std::size_t count) {
    return run(table_.reserve(count, key_term::hours)).value();
  }
  static std::vector<key_slot> slots_of(std::span<const reserved_key> keys) {
    std::vector<key_slot> out;
    for (const reserved_key& each : keys) out.push_back(each.slot);
    return out;
  }
  void destroy(std::span<const reserved_key> keys) {
    ASSERT_TRUE(run(table_.destroy(slots_of(keys))));
  }
  void expect_kept(std::span<const reserved_key> keys) {
    const auto found = run(table_.load(slots_of(keys))).value();
    for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(found[i], keys[i].key) << i;
  }
  void expect_gone(std::span<const reserved_key> keys) {
    const auto found = run(table_.load(slots_of(keys))).value();
    for (const auto& each : found) EXPECT_FALSE(each);
  }

  // Those of the keys whose bytes are in a file of this database.
  std::vector<key_slot> found_in_files(std::span<const reserved_key> keys) {
    EXPECT_TRUE(db().execute_script("CHECKPOINT"));
    const std::filesystem::path folder = text(
        "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
        "WHERE datname = current_database()"_sql);
    std::string all;
    for (const auto& each : std::filesystem::directory_iterator{folder}) {
      std::ifstream file{each.path(), std::ios::binary};
      all.append(std::istreambuf_iterator<char>{file}, {});
    }
    // The files are long and the keys many: most places are passed over by their first two bytes.
    const auto beginning = [](std::string_view bytes) {
      return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
             static_cast<unsigned char>(bytes[1]);
    };
    std::vector<char> begins(1U << 16U);
    std::set<std::string_view> wanted;
    for (const reserved_key& each : keys) {
      wanted.insert(each.key.view());
      begins[beginning(each.key.view())] = 1;
    }
    std::set<std::string_view> found;
    const char* const last = all.data() + all.size() - secret::size;
    for (const char* at = all.data(); at <= last; ++at) {
      if (begins[beginning({at, 2})] == 0) continue;
      const auto key = wanted.find({at, secret::size});
      if (key != wanted.end()) found.insert(*key);
    }
    std::vector<key_slot> out;
    for (const reserved_key& each : keys) {
      if (found.contains(each.key.view())) out.push_back(each.slot);
    }
    return out;
  }

  void rewrite() {
    const auto done = run(table_.rewrite());
    ASSERT_TRUE(done) << done.error().detail;
  }

  movable_clock clock_;
  key_table table_{db(), clock_};
};

INSTANTIATE_TEST_SUITE_P(on, key_rewrite, ::testing::Values(sql::engine::postgres),
                         test::engine_name);

TEST_P(key_rewrite, leaves_destroyed_keys_in_no_file_and_all_others_in_their_place) {
  const auto keys = reserve(1024);
  const std::span all{keys};
  destroy(all.first(400));
  EXPECT_THAT(found_in_files(all.first(400)), Not(IsEmpty())) << "the search finds keys";
  ASSERT_TRUE(db().execute_script("VACUUM content_keys_0"));
  EXPECT_THAT(found_in_files(all.first(400)), Not(IsEmpty())) << "a vacuum leaves them";
  rewrite();
  EXPECT_THAT(found_in_files(all.first(400)), IsEmpty());
  expect_gone(all.first(400));
  expect_kept(all.subspan(400));
  EXPECT_EQ(number("SELECT side FROM content_key_sides"_sql), 1);
  EXPECT_EQ(number("SELECT count(*) FROM content_keys_0"_sql), 0);

  // Back to the first side, when it is time again.
  destroy(all.subspan(400, 200));
  clock_.advance(key_table::rewrite_pause - std::chrono::minutes{1});
  rewrite();
  EXPECT_THAT(found_in_files(all.subspan(400, 200)), Not(IsEmpty())) << "not yet";
  clock_.advance(std::chrono::minutes{1});
  rewrite();
  EXPECT_THAT(found_in_files(all.first(600)), IsEmpty());
  expect_kept(all.subspan(600));
  EXPECT_EQ(number("SELECT side FROM content_key_sides"_sql), 0);

  clock_.advance(key_table::rewrite_pause);
  rewrite();
  EXPECT_EQ(number("SELECT side FROM content_key_sides"_sql), 0) << "nothing was destroyed since";
}

TEST_P(key_rewrite, that_was_cut_short_is_completed_whatever_happened_meanwhile) {
  destroy(reserve(1));
  const auto before = reserve(1024);
  const std::span all{before};
  ASSERT_TRUE(run(db().read("SELECT begin_key_rewrite(1, 0)"_sql, {})));
  EXPECT_EQ(number("SELECT copy_keys(500)"_sql), 500);
  EXPECT_EQ(number("SELECT CASE WHEN end_key_rewrite() THEN 1 ELSE 0 END"_sql), 0);
  expect_kept(all);
  destroy(all.first(10));
  destroy(all.last(10));
  expect_gone(all.first(10));
  const auto after = reserve(100);
  // Of whoever does not know of the sides.
  ASSERT_TRUE(run(
      db().write_one("INSERT INTO content_keys (slot, key) VALUES (1000000000, '\\x00')"_sql, {})));

  rewrite();
  expect_gone(all.first(10));
  expect_gone(all.last(10));
  expect_kept(all.subspan(10, 1004));
  expect_kept(after);
  EXPECT_EQ(number("SELECT count(*) FROM content_keys_0"_sql), 0);
  EXPECT_EQ(number("SELECT count(*) FROM content_keys WHERE slot = 1000000000"_sql), 1);
  EXPECT_EQ(number("SELECT has_traces FROM content_key_sides"_sql), 1) << "of the new side";
}

TEST_P(key_rewrite, by_several_at_once_among_writers_loses_no_key_and_brings_none_back) {
  const auto second = database().second_process();
  key_table elsewhere{*second, clock_};
  std::vector<reserved_key> kept;
  std::vector<reserved_key> gone;
  for (int round = 0; round < 12; ++round) {
    auto keys = reserve(300);
    const std::vector<reserved_key> ending(keys.begin(), keys.begin() + 150);
    kept.insert(kept.end(), keys.begin() + 150, keys.end());
    std::vector<reserved_key> all = gone;
    gone.insert(gone.end(), ending.begin(), ending.end());
    clock_.advance(key_table::rewrite_pause);
    const auto spawn = [&](auto work, std::size_t loop) {
      return boost::asio::co_spawn(database().loops().loop(loop), std::move(work),
                                   boost::asio::use_future);
    };
    auto mine = spawn(table_.rewrite(), 0);
    auto theirs = spawn(elsewhere.rewrite(), 1);
    auto destroyed = spawn(elsewhere.destroy(slots_of(ending)), 1);
    auto more = spawn(elsewhere.reserve(200, key_term::days), 0);
    for (auto* each : {&mine, &theirs}) {
      const auto done = each->get();
      // Whoever finds a table busy is told so, and tries again later.
      if (!done) EXPECT_EQ(done.error().codes.front(), "database_unavailable");
    }
    ASSERT_TRUE(destroyed.get());
    const auto made = more.get();
    ASSERT_TRUE(made);
    kept.insert(kept.end(), made->begin(), made->end());
  }
  expect_kept(kept);
  expect_gone(gone);
  clock_.advance(key_table::rewrite_pause);
  rewrite();
  clock_.advance(key_table::rewrite_pause);
  rewrite();
  expect_kept(kept);
  EXPECT_THAT(found_in_files(gone), IsEmpty());
  second->close();
}

TEST_P(key_rewrite, needs_no_right_but_to_read_and_write_rows) {
  const auto keys = reserve(100);
  const std::span all{keys};
  destroy(all.first(50));
  const std::string role = "rewriter_" + text("SELECT current_database()::text"_sql);
  ASSERT_TRUE(db().execute_script(
      "CREATE ROLE " + role +
      " LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role));
  std::string url = database().url();
  const auto user = url.find("user=");
  const auto end = url.find('&', user);
  url.replace(user, (end == std::string::npos ? url.size() : end) - user, "user=" + role);
  auto other =
      postgres::open_database({.url = url, .connections = 2, .on_error = {}, .on_refusal = {}},
                              database().loops().executors());
  key_table theirs{*other, clock_};
  const auto done = run(theirs.rewrite());
  EXPECT_TRUE(done);
  EXPECT_THAT(found_in_files(all.first(50)), IsEmpty());
  expect_kept(all.subspan(50));
  other->close();
}

TEST_P(key_rewrite, gives_up_soon_while_somebody_reads_for_long_and_harms_no_reader) {
  const auto keys = reserve(100);
  destroy(keys);
  const auto reader = database().second_process();
  auto reading = boost::asio::co_spawn(
      database().loops().loop(1),
      reader->read("SELECT count(*), pg_sleep(1)::text FROM content_keys_1"_sql, {}),
      boost::asio::use_future);
  while (number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND query LIKE '%pg_sleep(1)%' AND wait_event = 'PgSleep'"_sql) == 0) {
  }
  EXPECT_FALSE(run(table_.rewrite()));
  EXPECT_TRUE(reading.get());
  rewrite();
  EXPECT_THAT(found_in_files(keys), IsEmpty());
  reader->close();
}

}  // namespace
}  // namespace cruddur
