// What only the PostgreSQL driver promises.
#include <set>

#include <gmock/gmock.h>

#include "adapters/postgres/postgres_database.hpp"
#include "adapters/sql/run_blocking.hpp"
#include "support/postgres_cluster.hpp"
#include "support/silent_listener.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using sql::command;
using sql::parameters;
using namespace std::chrono_literals;

static const sql::statement insert{"insert", "INSERT INTO note VALUES ($1, $2)"};

class postgres_driver : public testing::Test {
 protected:
  explicit postgres_driver(test::postgres_cluster& cluster = test::postgres_cluster::instance())
      : base_{cluster, test::schema::none} {
    const auto made = db().execute_script(
        "CREATE TABLE note (id uuid PRIMARY KEY, number bigint NOT NULL);"
        "INSERT INTO note SELECT gen_random_uuid(), -n FROM generate_series(1, 8) AS n");
    EXPECT_TRUE(made);
  }

  sql::database& db() { return base_.db(); }

  template <class T>
  T run(task<T> work) {
    return test::run_on(base_.loops().loop(0), std::move(work));
  }

  template <class T>
  std::vector<T> run_all(std::vector<task<T>> work) {
    std::vector<std::future<T>> futures;
    std::vector<T> out;
    for (auto& each : work) {
      futures.push_back(boost::asio::co_spawn(base_.loops().loop(futures.size() % 2),
                                              std::move(each), boost::asio::use_future));
    }
    for (auto& each : futures) {
      if (each.wait_for(test::longest_task) != std::future_status::ready) {
        throw std::runtime_error("a task did not finish");
      }
      out.push_back(each.get());
    }
    return out;
  }

  std::int64_t number(const sql::statement& text) {
    return run(db().read(text, {}))->rows.at(0).integer(0);
  }

  test::test_database base_;
};

class own_cluster {
 protected:
  test::postgres_cluster cluster_;
};

// With a server that it may stop.
class postgres_driver_and_restarts : own_cluster, public postgres_driver {
 protected:
  postgres_driver_and_restarts() : postgres_driver{cluster_} {}

  using own_cluster::cluster_;
};

// What a notifier heard.
class listening {
 public:
  explicit listening(notifier& bell) {
    bell.listen({[this](std::string_view message) { add(std::string{message}); },
                 [this] { add("connected"); }, [this] { add("disconnected"); }});
  }

  // Waits until it was heard.
  bool heard(const std::string& what) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [&] { return all_.contains(what); });
  }

  std::size_t count(const std::string& what) {
    const std::lock_guard lock{mutex_};
    return all_.count(what);
  }

 private:
  void add(std::string what) {
    const std::lock_guard lock{mutex_};
    all_.insert(std::move(what));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multiset<std::string> all_;
};

TEST_F(postgres_driver, carries_many_reads_at_once_on_few_connections) {
  std::vector<task<sql::driver_result<sql::query_result>>> reads;
  for (std::int64_t i = 0; i < 1000; ++i) reads.push_back(db().read("SELECT $1 + 1"_sql, {i}));
  const auto got = run_all(std::move(reads));
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_TRUE(got[i]);
    EXPECT_EQ(got[i]->rows.at(0).integer(0), static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cruddur'"
                   " AND datname = current_database()"_sql),
            4);
}

TEST_F(postgres_driver, sends_many_requests_before_the_first_answer) {
  std::vector<task<sql::driver_result<sql::query_result>>> reads;
  for (int i = 0; i < 20; ++i) reads.push_back(db().read("SELECT pg_sleep(0.05)"_sql, {}));
  // Refused early by a limit of its own, they would not all be under way at once.
  const auto got = run_all(std::move(reads));
  for (const auto& each : got) EXPECT_TRUE(each);
}

TEST_F(postgres_driver, works_for_a_thread_that_is_no_loop) {
  const auto got = sql::run_blocking(db().read("SELECT 7"_sql, {}));
  EXPECT_EQ(got->rows.at(0).integer(0), 7);
}

TEST_F(postgres_driver, refuses_requests_beyond_its_queue) {
  postgres::options settings;
  settings.url = base_.url();
  settings.queue_limit = 10;
  const auto small = postgres::open_database(std::move(settings), base_.loops().executors());
  std::vector<task<sql::driver_result<sql::query_result>>> reads;
  for (int i = 0; i < 30; ++i) reads.push_back(small->read("SELECT pg_sleep(0.1)"_sql, {}));
  int refused = 0;
  for (const auto& each : run_all(std::move(reads))) {
    if (!each && each.error().kind == sql::driver_fault::busy) ++refused;
  }
  EXPECT_EQ(refused, 20);
  small->close();
}

TEST_F(postgres_driver, tells_why_it_refuses) {
  const auto kind_with = [&](const std::string& url, std::vector<command> commands) {
    std::string detail;
    postgres::options settings;
    settings.url = url;
    settings.on_refusal = [&](sql::driver_fault, std::string_view said) { detail = said; };
    const auto other = postgres::open_database(std::move(settings), base_.loops().executors());
    const auto got = run(other->write(std::move(commands)));
    other->close();
    // What the server says of a statement comes with its name. The others cost the connection.
    using enum sql::driver_fault;
    if (!got && (got.error().kind == forbidden || got.error().kind == timed_out)) {
      EXPECT_THAT(detail, testing::StartsWith("test: "));
    }
    return got ? std::string{"nothing"} : std::string{name_of(got.error().kind)};
  };
  std::vector<command> change;
  change.push_back({"UPDATE note SET number = number"_sql, {}});
  EXPECT_EQ(kind_with(base_.url() + "&options=-c%20default_transaction_read_only%3Don", change),
            "read_only");
  const std::string role = "reader_of_" + test::postgres_cluster::name_in(base_.url());
  ASSERT_TRUE(
      db().execute_script("CREATE ROLE " + role + " LOGIN; GRANT SELECT ON note TO " + role));
  const auto owner = base_.url().rfind("user=cruddur");
  EXPECT_EQ(kind_with(base_.url().substr(0, owner) + "user=" + role, change), "forbidden");
  std::vector<command> slow;
  slow.push_back({"SELECT set_config('statement_timeout', '20ms', true)"_sql, {}});
  slow.push_back({"SELECT pg_sleep(5)"_sql, {}});
  EXPECT_EQ(kind_with(base_.url(), std::move(slow)), "timed_out");
  EXPECT_EQ(kind_with("postgresql://localhost:1/nothing", change), "unreachable");
}

TEST_F(postgres_driver, tries_again_after_a_deadlock) {
  static const sql::statement up{"up", "UPDATE note SET id = id WHERE number = -1"};
  static const sql::statement down{"down", "UPDATE note SET id = id WHERE number = -2"};
  for (int round = 0; round < 3; ++round) {
    std::vector<task<sql::driver_result<std::vector<sql::query_result>>>> writes;
    for (const bool is_up : {true, false}) {
      std::vector<command> commands;
      commands.push_back({is_up ? up : down, {}});
      commands.push_back({"SELECT pg_sleep(0.05)"_sql, {}});
      commands.push_back({is_up ? down : up, {}});
      writes.push_back(db().write(std::move(commands)));
    }
    for (const auto& each : run_all(std::move(writes))) EXPECT_TRUE(each);
  }
}

// Inserts numbers until it has been told no; gives those that were acknowledged.
task<std::vector<std::int64_t>> insert_until_refused(sql::database* db, std::int64_t first) {
  std::vector<std::int64_t> acknowledged;
  for (std::int64_t i = first;; ++i) {
    parameters values;
    values.push_back(make_uuid_v4());
    values.push_back(i);
    const auto written = co_await db->write_one(insert, std::move(values));
    if (!written) co_return acknowledged;
    acknowledged.push_back(i);
  }
}

TEST_F(postgres_driver_and_restarts, lose_nothing_acknowledged_in_a_crash) {
  std::vector<std::future<std::vector<std::int64_t>>> writers;
  for (std::int64_t i = 0; i < 32; ++i) {
    writers.push_back(boost::asio::co_spawn(base_.loops().loop(static_cast<std::size_t>(i % 2)),
                                            insert_until_refused(&db(), 1 + i * 1'000'000),
                                            boost::asio::use_future));
  }
  std::this_thread::sleep_for(300ms);
  cluster_.stop(test::postgres_cluster::stop_mode::immediate);
  std::set<std::int64_t> acknowledged;
  for (auto& each : writers) {
    ASSERT_EQ(each.wait_for(test::longest_task), std::future_status::ready);
    for (const auto got : each.get()) acknowledged.insert(got);
  }
  EXPECT_GT(acknowledged.size(), 32U);
  EXPECT_FALSE(run(db().read("SELECT 1"_sql, {}))) << "it is away";
  cluster_.start();

  sql::driver_result<sql::query_result> there;
  for (int i = 0; i < 300; ++i) {
    there = run(db().read("SELECT number FROM note WHERE number > 0"_sql, {}));
    if (there) break;
    std::this_thread::sleep_for(100ms);
  }
  ASSERT_TRUE(there);
  for (const auto& row : there->rows) acknowledged.erase(row.integer(0));
  EXPECT_TRUE(acknowledged.empty()) << acknowledged.size() << " were lost";
  const auto said = base_.errors();
  EXPECT_THAT(said.front(), testing::HasSubstr("out of reach"));
  EXPECT_THAT(said.back(), testing::HasSubstr("within reach again"));
}

TEST_F(postgres_driver, repeats_a_read_whose_connection_was_closed) {
  EXPECT_EQ(number("SELECT 1"_sql), 1);
  auto second = base_.second_process();
  auto sleeping = boost::asio::co_spawn(
      base_.loops().loop(0), db().read("SELECT pg_sleep(0.3)"_sql, {}), boost::asio::use_future);
  std::this_thread::sleep_for(100ms);
  ASSERT_TRUE(
      sql::run_blocking(second->read("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                                     " query LIKE 'SELECT pg_sleep%' AND state = 'active'"
                                     " AND datname = current_database()"_sql,
                                     {})));
  ASSERT_EQ(sleeping.wait_for(test::longest_task), std::future_status::ready);
  const auto got = sleeping.get();
  EXPECT_TRUE(got);
  second->close();
}

TEST_F(postgres_driver, opens_its_connections_again_when_even_its_log_throws) {
  postgres::options settings;
  settings.url = base_.url();
  std::atomic<int> thrown{0};
  settings.on_error = [&](const std::string&) {
    ++thrown;
    throw std::runtime_error("the log is full");
  };
  const auto other = postgres::open_database(std::move(settings), base_.loops().executors());
  ASSERT_TRUE(run(other->write_one("UPDATE note SET id = id"_sql, {})));
  EXPECT_EQ(number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                   "WHERE application_name = 'cruddur' AND datname = current_database() "
                   "AND pid <> pg_backend_pid()"_sql) > 0,
            true);
  bool reads = false;
  bool writes = false;
  for (int i = 0; i < 300 && !(reads && writes); ++i) {
    reads = run(other->read("SELECT 1"_sql, {})).has_value();
    writes = run(other->write_one("UPDATE note SET id = id"_sql, {})).has_value();
    if (!reads || !writes) std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(reads);
  EXPECT_TRUE(writes);
  EXPECT_GT(thrown, 0);
  other->close();
}

TEST_F(postgres_driver, notifier_goes_on_after_a_listener_that_throws) {
  const auto one = postgres::open_notifier(base_.url(), base_.loops().executors()[0], {});
  std::promise<void> told;
  std::promise<void> heard;
  const auto two =
      postgres::open_notifier(base_.url(), base_.loops().executors()[1],
                              [&, first = true](const std::string& sentence) mutable {
                                if (std::exchange(first, false)) {
                                  EXPECT_THAT(sentence, testing::HasSubstr("a listener broke"));
                                  told.set_value();
                                }
                              });
  bool first = true;
  std::atomic<bool> last{false};
  two->listen({[&](std::string_view) {
                 if (std::exchange(first, false)) throw std::runtime_error("a listener broke");
                 if (!last.exchange(true)) heard.set_value();
               },
               {},
               {}});
  listening other{*one};
  ASSERT_TRUE(other.heard("connected"));
  auto told_once = told.get_future();
  for (int i = 0; i < 300 && told_once.wait_for(50ms) != std::future_status::ready; ++i) {
    one->publish("a" + std::to_string(i));
  }
  auto heard_again = heard.get_future();
  for (int i = 0; i < 300 && heard_again.wait_for(50ms) != std::future_status::ready; ++i) {
    one->publish("b" + std::to_string(i));
  }
  EXPECT_TRUE(last);
  one->close();
  two->close();
}

TEST_F(postgres_driver, says_that_no_server_is_there) {
  std::promise<std::string> said;
  postgres::options settings;
  settings.url = "postgresql://localhost:1/nothing";
  settings.on_error = [&](const std::string& sentence) { said.set_value(sentence); };
  const auto none = postgres::open_database(std::move(settings), base_.loops().executors());
  const auto got = run(none->read("SELECT 1"_sql, {}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, sql::driver_fault::unreachable);
  EXPECT_THAT(said.get_future().get(), testing::HasSubstr("refused"));
  none->close();
}

// One refuses, one never answers, the last is the server.
TEST_F(postgres_driver, tries_all_servers_of_its_url_each_for_its_part_of_the_time) {
  const test::silent_listener silent{"127.0.0.3"};
  const std::string url = base_.url();
  const auto folder = url.substr(url.find("host=") + 5, url.find('&') - url.find("host=") - 5);
  postgres::options settings;
  settings.url = "postgresql:///" + test::postgres_cluster::name_in(url) +
                 "?user=cruddur&host=127.0.0.2,127.0.0.3," + folder + "&port=1," +
                 std::to_string(silent.port()) + ",5432";
  const auto found = postgres::open_database(std::move(settings), base_.loops().executors());
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(run(found->read("SELECT 1"_sql, {})));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "the first attempt was the last";
  EXPECT_TRUE(found->execute_script("SELECT 1"));
  found->close();
}

TEST_F(postgres_driver, notifier_tells_others_and_not_for_itself) {
  const auto one = postgres::open_notifier(base_.url(), base_.loops().executors()[0], {});
  const auto two = postgres::open_notifier(base_.url(), base_.loops().executors()[1], {});
  listening first{*one};
  listening second{*two};
  ASSERT_TRUE(first.heard("connected"));
  ASSERT_TRUE(second.heard("connected"));
  for (int i = 0; i < 500; ++i) one->publish("n" + std::to_string(i % 250));
  one->publish("it's done");
  two->publish("hello");
  EXPECT_TRUE(second.heard("n0"));
  EXPECT_TRUE(second.heard("n249"));
  EXPECT_TRUE(second.heard("it's done"));
  EXPECT_TRUE(first.heard("hello"));
  EXPECT_EQ(first.count("n0"), 0U);
  EXPECT_EQ(second.count("hello"), 0U);
  one->close();
  two->close();
}

TEST_F(postgres_driver_and_restarts, notifier_comes_back) {
  const auto one = postgres::open_notifier(base_.url(), base_.loops().executors()[0], {});
  const auto two = postgres::open_notifier(base_.url(), base_.loops().executors()[1], {});
  listening first{*one};
  listening second{*two};
  ASSERT_TRUE(first.heard("connected"));
  ASSERT_TRUE(second.heard("connected"));
  cluster_.stop(test::postgres_cluster::stop_mode::fast);
  cluster_.start();
  ASSERT_TRUE(second.heard("disconnected"));
  one->publish("kept until there is a connection");
  for (int i = 0; i < 400 && second.count("connected") < 2; ++i) std::this_thread::sleep_for(50ms);
  one->publish("after");
  EXPECT_TRUE(second.heard("after"));
  one->close();
  two->close();
}

}  // namespace
}  // namespace cruddur
