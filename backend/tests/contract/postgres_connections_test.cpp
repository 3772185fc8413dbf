// Fewer connections than event loops, because fewer are wanted or the server gives fewer.
#include <gmock/gmock.h>

#include "adapters/postgres/postgres_database.hpp"
#include "support/postgres_cluster.hpp"
#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

using namespace std::chrono_literals;
using answers = std::vector<std::future<sql::driver_result<sql::query_result>>>;

constexpr int loop_count = 6;
constexpr int own = 4;  // connections of test_database
const sql::statement insert{"insert", "INSERT INTO note VALUES ($1, $2)"};

class postgres_connections : public testing::Test {
 protected:
  postgres_connections() {
    const std::string name = test::postgres_cluster::name_in(base_.url());
    role_ = "limited_in_" + name;
    EXPECT_TRUE(base_.db().execute_script(
        "CREATE TABLE note (id uuid PRIMARY KEY, number bigint NOT NULL); CREATE ROLE " + role_ +
        " LOGIN CONNECTION LIMIT 3; GRANT ALL ON note TO " + role_));
  }
  ~postgres_connections() override {
    if (db_) db_->close();
    loops_.stop();
  }

  void open(int connections, const std::string& user) {
    postgres::options settings;
    settings.url = base_.url().substr(0, base_.url().rfind("user=")) + "user=" + user;
    settings.connections = connections;
    settings.on_error = [this](const std::string& sentence) {
      const std::lock_guard lock{mutex_};
      said_.push_back(sentence);
    };
    settings.on_refusal = [this](sql::driver_fault, std::string_view) { ++refused_; };
    db_ = postgres::open_database(std::move(settings), loops_.executors());
  }

  // From each loop, many at once.
  void expect_all_to_succeed() {
    answers all;
    for (std::int64_t i = 0; i < 40; ++i) {
      for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
        all.push_back(boost::asio::co_spawn(loops_.loop(loop), db_->read("SELECT $1 + 1"_sql, {i}),
                                            boost::asio::use_future));
        all.push_back(boost::asio::co_spawn(loops_.loop(loop),
                                            db_->write_one(insert, {make_uuid_v4(), i}),
                                            boost::asio::use_future));
      }
    }
    for (auto& each : all) {
      ASSERT_EQ(each.wait_for(test::longest_task), std::future_status::ready);
      const auto got = each.get();
      EXPECT_TRUE(got) << name_of(got.error().kind);
    }
    EXPECT_EQ(refused_, 0);
  }

  std::int64_t connected(const std::string& user) {
    const auto count = test::run_on(
        base_.loops().loop(0),
        base_.db().read("SELECT count(*) FROM pg_stat_activity WHERE usename = $1"
                        " AND datname = current_database() AND application_name = 'cruddur'"_sql,
                        {user}));
    return count->rows.at(0).integer(0);
  }

  bool connects(std::int64_t wanted) {
    for (int i = 0; i < 600 && connected("cruddur") != wanted; ++i) {
      std::this_thread::sleep_for(50ms);
    }
    return connected("cruddur") == wanted;
  }

  std::vector<std::string> said() {
    const std::lock_guard lock{mutex_};
    return said_;
  }

  bool hears(const std::string& words) {
    for (int i = 0; i < 600; ++i) {
      for (const auto& each : said()) {
        if (each.find(words) != std::string::npos) return true;
      }
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }

  test::test_database base_{sql::engine::postgres, test::schema::none};
  runtime::event_loops loops_{loop_count};
  std::string role_;
  std::mutex mutex_;
  std::vector<std::string> said_;
  std::atomic<int> refused_{0};
  std::unique_ptr<sql::database> db_;
};

TEST_F(postgres_connections, are_shared_by_all_loops_when_fewer_are_wanted) {
  for (const int wanted : {1, 2, 5}) {
    open(wanted, "cruddur");
    expect_all_to_succeed();
    EXPECT_TRUE(connects(own + wanted)) << connected("cruddur");
    db_->close();
  }
}

TEST_F(postgres_connections, are_two_a_loop_unless_a_number_is_given) {
  open(0, "cruddur");
  expect_all_to_succeed();
  EXPECT_TRUE(connects(own + 2 * loop_count)) << connected("cruddur");
}

TEST_F(postgres_connections, are_shared_when_the_server_gives_fewer) {
  open(12, role_);
  expect_all_to_succeed();
  EXPECT_LE(connected(role_), 3);
  EXPECT_TRUE(hears("of 12 connections")) << testing::PrintToString(said());
  EXPECT_THAT(said().back(), testing::HasSubstr("too many connections for role"));
}

TEST_F(postgres_connections, are_all_used_once_the_limit_allows) {
  open(12, role_);
  expect_all_to_succeed();
  ASSERT_TRUE(hears("of 12 connections"));
  ASSERT_TRUE(base_.db().execute_script("ALTER ROLE " + role_ + " CONNECTION LIMIT 12"));
  EXPECT_TRUE(hears("gives as many connections as are wanted again"));
  EXPECT_EQ(connected(role_), 12);
  expect_all_to_succeed();
}

TEST_F(postgres_connections, that_are_lost_leave_their_work_to_those_that_are_left) {
  open(2, role_);
  expect_all_to_succeed();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(
        test::run_on(base_.loops().loop(0),
                     base_.db().read("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                                     " datname = current_database() AND usename = $1 LIMIT 1"_sql,
                                     {role_})));
    answers reads;
    for (std::size_t loop = 0; loop < loops_.size(); ++loop) {
      reads.push_back(boost::asio::co_spawn(loops_.loop(loop),
                                            db_->read("SELECT $1 + 1"_sql, {std::int64_t{1}}),
                                            boost::asio::use_future));
    }
    for (auto& each : reads) EXPECT_TRUE(each.get());
  }
}

}  // namespace
}  // namespace cruddur
