// What only the SQLite driver promises.
#include <fstream>
#include <latch>

#include <gmock/gmock.h>

#include "adapters/sqlite/sqlite_database.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using sql::command;
using sql::parameters;

constexpr auto make_table = "CREATE TABLE note (id BLOB PRIMARY KEY, body TEXT NOT NULL)";
const sql::statement insert{"insert", "INSERT INTO note VALUES ($1, $2)"};

class sqlite_driver : public testing::Test {
 protected:
  std::unique_ptr<sql::database> open() {
    auto opened = try_open();
    if (!opened) throw std::runtime_error(opened.error().detail);
    return std::move(*opened);
  }

  result<std::unique_ptr<sql::database>> try_open() {
    settings_.path = folder_.path() / "notes.db";
    return sqlite::open_database(settings_);
  }

  template <class T>
  T run(task<T> work) {
    return test::run_on(loops_.loop(0), std::move(work));
  }

  std::string all_bytes() {
    std::string out;
    for (const auto& each : std::filesystem::directory_iterator{folder_.path()}) {
      std::ifstream file{each.path(), std::ios::binary};
      out.append(std::istreambuf_iterator<char>{file}, {});
    }
    return out;
  }

  std::uintmax_t log_size() { return std::filesystem::file_size(folder_.path() / "notes.db-wal"); }

  test::temporary_folder folder_;
  sqlite::options settings_;
  runtime::event_loops loops_{2};
};

task<int> write_notes(sql::database* db, int times, std::size_t size) {
  int acknowledged = 0;
  for (int i = 0; i < times; ++i) {
    parameters values;
    values.push_back(make_uuid_v4());
    values.push_back(std::string(size, 'n'));
    const auto written = co_await db->write_one(insert, std::move(values));
    if (written) ++acknowledged;
  }
  co_return acknowledged;
}

TEST_F(sqlite_driver, commits_many_writers_with_one_fsync) {
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  std::vector<std::future<int>> all;
  for (std::size_t i = 0; i < 64; ++i) {
    all.push_back(boost::asio::co_spawn(loops_.loop(i % 2), write_notes(db.get(), 50, 100),
                                        boost::asio::use_future));
  }
  for (auto& each : all) EXPECT_EQ(each.get(), 50);
  const auto counts = db->counts();
  EXPECT_EQ(counts.writes, 64U * 50U);
  EXPECT_LE(counts.commits, counts.writes / 10);
}

TEST_F(sqlite_driver, keeps_a_second_process_out_and_says_so) {
  const auto db = open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().codes, std::vector<std::string>{"database_in_use"});
  EXPECT_THAT(second.error().detail, testing::HasSubstr("another process"));
  db->close();
}

TEST_F(sqlite_driver, lets_the_next_process_in_after_the_first) {
  open().reset();
  EXPECT_TRUE(try_open());
}

TEST_F(sqlite_driver, says_what_is_wrong_with_a_file_that_is_no_database) {
  std::ofstream{folder_.path() / "notes.db"} << std::string(8192, 'x');
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, fault_kind::unavailable);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("not a database"));
}

TEST_F(sqlite_driver, tells_once_of_reads_that_fail_and_that_they_work_again) {
  std::vector<std::string> said;
  settings_.on_error = [&](const std::string& sentence) { said.push_back(sentence); };
  auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  ASSERT_EQ(run(write_notes(db.get(), 50, 3000)), 50);
  ASSERT_TRUE(run(db->purge({"note"})));
  const auto file = folder_.path() / "notes.db";
  db->close();
  db.reset();
  std::ifstream before{file, std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{before}, {}};
  const auto overwrite = [&](const std::string& bytes) {
    std::fstream out{file, std::ios::binary | std::ios::in | std::ios::out};
    out.seekp(4096);
    out << bytes.substr(4096);
  };
  overwrite(whole.substr(0, 4096) + std::string(whole.size() - 4096, 'x'));
  db = open();
  for (int i = 0; i < 3; ++i) {
    const auto found = run(db->read("SELECT sum(length(body)) FROM note"_sql, {}));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, sql::driver_fault::broken);
  }
  ASSERT_EQ(said.size(), 1U) << testing::PrintToString(said);
  EXPECT_THAT(said[0], testing::HasSubstr("can't be read (test: database disk image is malformed"));
  overwrite(whole);
  EXPECT_TRUE(run(db->read("SELECT sum(length(body)) FROM note"_sql, {})));
  ASSERT_EQ(said.size(), 2U);
  EXPECT_THAT(said[1], testing::HasSubstr("again"));
}

TEST_F(sqlite_driver, refuses_a_unit_whose_commit_the_engine_refuses) {
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  // A unit that ends the batch's transaction takes the writer's own statements with it.
  std::vector<command> commands;
  commands.push_back({insert, {make_uuid_v4(), "x"}});
  commands.push_back({"COMMIT"_sql, {}});
  EXPECT_FALSE(run(db->write(std::move(commands))));
  EXPECT_EQ(run(write_notes(db.get(), 3, 10)), 3);
}

TEST_F(sqlite_driver, refuses_writes_beyond_its_queue) {
  std::latch release{1};
  std::atomic<bool> block{false};
  settings_.write_queue_limit = 4;
  settings_.on_commit = [&](std::size_t) {
    if (block.exchange(false)) release.wait();
  };
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  block = true;
  ASSERT_EQ(run(write_notes(db.get(), 1, 10)), 1);
  std::vector<std::future<sql::driver_result<sql::query_result>>> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(boost::asio::co_spawn(
        loops_.loop(0), db->write_one(insert, {make_uuid_v4(), "x"}), boost::asio::use_future));
  }
  int refused = 0;
  for (int i = 4; i < 10; ++i) {
    const auto got = all[static_cast<std::size_t>(i)].get();
    if (!got && got.error().kind == sql::driver_fault::busy) ++refused;
  }
  EXPECT_EQ(refused, 6);
  release.count_down();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(all[static_cast<std::size_t>(i)].get());
}

TEST_F(sqlite_driver, leaves_no_trace_of_what_was_deleted) {
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  const std::string secret = "a secret that nobody may find";
  const std::string longer = secret + std::string(20'000, '.');
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(run(db->write_one(insert, {make_uuid_v4(), i % 2 ? secret : longer})));
    ASSERT_TRUE(run(db->write_one(insert, {make_uuid_v4(), "harmless"})));
  }
  EXPECT_THAT(all_bytes(), testing::HasSubstr(secret));
  ASSERT_TRUE(run(db->write_one("DELETE FROM note WHERE body LIKE 'a secret%'"_sql, {})));
  const auto purged = run(db->purge({"note"}));
  ASSERT_TRUE(purged);
  EXPECT_TRUE(*purged);
  EXPECT_EQ(log_size(), 0U);
  EXPECT_THAT(all_bytes(), testing::Not(testing::HasSubstr(secret)));
  EXPECT_EQ(run(db->read("SELECT count(*) FROM note"_sql, {}))->rows.at(0).integer(0), 50);
}

TEST_F(sqlite_driver, empties_its_log_only_when_something_was_deleted_or_overwritten) {
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  ASSERT_TRUE(run(db->purge({})));
  const uuid id = make_uuid_v4();
  ASSERT_TRUE(run(db->write_one(insert, {id, "kept"})));
  ASSERT_TRUE(run(db->write_one("DELETE FROM note WHERE body = 'nothing'"_sql, {})));
  EXPECT_TRUE(*run(db->purge({})));
  EXPECT_GT(log_size(), 0U) << "nothing was to be put out of reach";

  const auto overwrite = [&](const sql::statement& text) {
    ASSERT_TRUE(run(db->write_one(text, {id})));
    EXPECT_GT(log_size(), 0U);
    EXPECT_TRUE(*run(db->purge({})));
    EXPECT_EQ(log_size(), 0U) << text.name();
  };
  overwrite("UPDATE note SET body = 'new' WHERE id = $1"_sql);
  overwrite(
      "INSERT INTO note (id, body) VALUES ($1, '') ON CONFLICT (id) DO UPDATE SET body = 'newer'"_sql);
  overwrite("DELETE FROM note WHERE id = $1"_sql);
}

TEST_F(sqlite_driver, keeps_its_log_short_under_writes_without_end) {
  const auto db = open();
  ASSERT_TRUE(db->execute_script(make_table));
  std::vector<std::future<int>> all;
  for (std::size_t i = 0; i < 32; ++i) {
    all.push_back(boost::asio::co_spawn(loops_.loop(i % 2), write_notes(db.get(), 60, 30'000),
                                        boost::asio::use_future));
  }
  for (auto& each : all) EXPECT_EQ(each.get(), 60);
  EXPECT_LT(log_size(), 40U << 20) << "57 MB were written";
}

// Runs in a process of its own, with the library that breaks the disk; see below.
class DISABLED_sqlite_on_a_broken_disk : public sqlite_driver {
 protected:
  DISABLED_sqlite_on_a_broken_disk() {
    folder_path_ = std::getenv("CRUDDUR_IO_FAULT_DIR");  // NOLINT(concurrency-mt-unsafe)
    settings_.path = folder_path_ / "notes.db";
    settings_.on_error = [this](const std::string& sentence) {
      const std::lock_guard lock{mutex_};
      sentences_.push_back(sentence);
    };
  }

  void survive(const std::string& fault, sql::driver_fault kind) {
    auto opened = sqlite::open_database(settings_);
    ASSERT_TRUE(opened) << opened.error().detail;
    sql::database& db = **opened;
    ASSERT_TRUE(db.execute_script(make_table));
    EXPECT_EQ(run(write_notes(&db, 20, 3000)), 20);
    std::ofstream{folder_path_ / fault};
    EXPECT_EQ(run(write_notes(&db, 5, 3000)), 0);
    const auto refused = run(db.write_one(insert, {make_uuid_v4(), "x"}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, kind) << name_of(refused.error().kind);
    EXPECT_EQ(count(db), 20) << "reads go on";
    std::filesystem::remove(folder_path_ / fault);
    EXPECT_EQ(run(write_notes(&db, 7, 3000)), 7);
    EXPECT_EQ(count(db), 27);
    (*opened)->close();
    opened->reset();
    auto again = sqlite::open_database(settings_);
    ASSERT_TRUE(again);
    EXPECT_EQ(count(**again), 27);
    EXPECT_EQ(run((*again)->read("PRAGMA integrity_check"_sql, {}))->rows.at(0).text(0), "ok");
    const std::lock_guard lock{mutex_};
    ASSERT_EQ(sentences_.size(), 2U) << testing::PrintToString(sentences_);
    EXPECT_THAT(sentences_[0], testing::HasSubstr("can't write"));
    EXPECT_THAT(sentences_[1], testing::HasSubstr("again"));
  }

  std::int64_t count(sql::database& db) {
    return run(db.read("SELECT count(*) FROM note"_sql, {}))->rows.at(0).integer(0);
  }

  std::filesystem::path folder_path_;
  std::mutex mutex_;
  std::vector<std::string> sentences_;
};

TEST_F(DISABLED_sqlite_on_a_broken_disk, refuses_while_it_is_full) {
  survive(".enospc", sql::driver_fault::disk_full);
}

TEST_F(DISABLED_sqlite_on_a_broken_disk, refuses_while_it_fails) {
  survive(".eio", sql::driver_fault::io);
}

class sqlite_on_a_broken_disk : public testing::TestWithParam<std::string> {};

TEST_P(sqlite_on_a_broken_disk, loses_nothing_acknowledged_and_recovers) {
  const test::temporary_folder folder;
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  // One test, even of a program that runs in parts.
  const std::string command =
      "unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX; CRUDDUR_IO_FAULT_DIR=" + folder.path().string() +
      " LD_PRELOAD=" CRUDDUR_IO_FAULT_LIBRARY " " + self +
      " --gtest_also_run_disabled_tests"
      " --gtest_filter='DISABLED_sqlite_on_a_broken_disk." +
      GetParam() + "' >" + folder.path().string() + "/output 2>&1";
  const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe)
  std::ifstream output{folder.path() / "output"};
  const std::string said{std::istreambuf_iterator<char>{output}, {}};
  EXPECT_EQ(status, 0) << said;
  // A filter that names no test succeeds too.
  EXPECT_NE(said.find("[  PASSED  ] 1 test."), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(kinds, sqlite_on_a_broken_disk,
                         testing::Values("refuses_while_it_is_full", "refuses_while_it_fails"));

}  // namespace
}  // namespace cruddur
