// A fresh database for one test, on either engine, with two event loops to use it from.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "adapters/key_file/file_content_keys.hpp"
#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "base/task.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/event_loops.hpp"
#include "support/temporary_folder.hpp"

namespace cruddur::test {

class postgres_cluster;

enum class schema { none, migrated };

class test_database {
 public:
  // Throws std::runtime_error with a sentence when it can't be made.
  test_database(sql::engine kind, schema with);
  // On a PostgreSQL server of the test's own.
  test_database(postgres_cluster& cluster, schema with);
  ~test_database();

  sql::database& db() { return *db_; }
  // Seals with keys of a file of its own, which stays when the database is closed.
  sql::content_vault& vault() { return *vault_; }
  content_keys& keys() { return *keys_; }
  // Of names; opened at the first call.
  sql::blind_index& index();
  runtime::event_loops& loops() { return loops_; }

  // Of PostgreSQL; empty for SQLite.
  const std::string& url() const { return url_; }
  // Of SQLite's file; its log and lock lie beside it, and nothing else.
  std::filesystem::path file() const { return folder_.path() / "cruddur.db"; }

  // Applies all that is missing, sealing what is stored as clear text on the way.
  result<std::vector<std::string>> migrate();

  // What the driver had to say, in order.
  std::vector<std::string> errors() const;

  // Another connection to the same PostgreSQL database, as another process would have.
  std::unique_ptr<sql::database> second_process();

  // Closes the database and opens it again, as a restart of the program would.
  void reopen();

 private:
  test_database(sql::engine kind, std::string url, schema with);
  std::unique_ptr<sql::database> open();
  bool has_people();

  struct error_list;

  const sql::engine kind_;
  temporary_folder key_folder_;
  temporary_folder folder_;
  std::string url_;
  std::shared_ptr<error_list> errors_;
  runtime::event_loops loops_{2};
  runtime::blocking_pool key_pool_{1, 4096};
  std::unique_ptr<key_file::key_file> key_file_;
  std::unique_ptr<content_keys> keys_;
  std::unique_ptr<sql::content_vault> vault_;
  std::unique_ptr<sql::database> db_;
  std::unique_ptr<sql::blind_index> index_;
};

constexpr std::chrono::seconds longest_task{30};

// Waits for work of many steps, which counts them in `steps`: on a busy machine that takes long. It
// is given up when no step is done in the time of a task.
template <class T>
bool finishes(const std::future<T>& work, const std::atomic<int>& steps) {
  for (int before = -1; before != steps;) {
    before = steps;
    if (work.wait_for(longest_task) == std::future_status::ready) return true;
  }
  return false;
}

// Runs the task on the loop and gives what it gave, or throws what it threw. A task that does not
// finish in time ends the test program's patience with std::runtime_error.
template <class T>
T run_on(boost::asio::io_context& loop, task<T> work) {
  auto done = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
  if (done.wait_for(longest_task) != std::future_status::ready) {
    throw std::runtime_error("the task did not finish");
  }
  return done.get();
}

// For a test that runs on both engines:
//   class likes : public test::database_test {};
//   INSTANTIATE_TEST_SUITE_P(on, likes, test::engines(), test::engine_name);
//   TEST_P(likes, are_counted_once) { … run(store.like(…)) … }
class database_test : public ::testing::TestWithParam<sql::engine> {
 protected:
  explicit database_test(schema with = schema::migrated) : database_{GetParam(), with} {}

  test_database& database() { return database_; }
  sql::database& db() { return database_.db(); }
  sql::content_vault& vault() { return database_.vault(); }
  sql::blind_index& index() { return database_.index(); }

  template <class T>
  T run(task<T> work) {
    return run_on(database_.loops().loop(0), std::move(work));
  }

 private:
  test_database database_;
};

inline auto engines() {
  return ::testing::Values(sql::engine::sqlite, sql::engine::postgres);
}

inline std::string engine_name(const ::testing::TestParamInfo<sql::engine>& each) {
  return each.param == sql::engine::sqlite ? "sqlite" : "postgres";
}

}  // namespace cruddur::test
