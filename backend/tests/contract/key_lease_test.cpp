// The lease on a key file, in PostgreSQL.
#include "adapters/sql/key_lease.hpp"

#include <gtest/gtest.h>

#include "support/sql_literal.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

class key_leases : public test::database_test {
 protected:
  void age(std::chrono::seconds time) {
    ASSERT_TRUE(run(db().write_one("UPDATE key_holder SET renewed_at = renewed_at - $1"_sql,
                                   {std::int64_t{std::chrono::milliseconds{time}.count()}})));
  }

  sql::key_lease first_{db(), make_uuid_v4()};
  sql::key_lease second_{db(), make_uuid_v4()};
};

INSTANTIATE_TEST_SUITE_P(on, key_leases, ::testing::Values(sql::engine::postgres),
                         test::engine_name);

TEST_P(key_leases, have_one_holder_while_it_is_renewed) {
  EXPECT_TRUE(*sql::has_key_leases(db()));
  EXPECT_FALSE(first_.is_good());
  EXPECT_FALSE(run(first_.take()).value());
  EXPECT_TRUE(first_.is_good());
  EXPECT_TRUE(run(second_.take()).value());
  EXPECT_FALSE(second_.is_good());
  age(sql::key_lease::length - std::chrono::seconds{5});
  EXPECT_TRUE(run(first_.renew()).value());
  age(std::chrono::seconds{20});
  EXPECT_TRUE(run(second_.take()).value());
}

TEST_P(key_leases, that_are_not_renewed_go_to_whoever_asks_and_are_lost_for_good) {
  EXPECT_FALSE(run(first_.take()).value());
  age(sql::key_lease::length + std::chrono::seconds{1});
  EXPECT_FALSE(run(second_.take()).value());
  EXPECT_TRUE(second_.is_good());
  EXPECT_FALSE(run(first_.renew()).value());
  EXPECT_FALSE(first_.is_good());
  ASSERT_TRUE(run(first_.release()));
  EXPECT_TRUE(run(second_.renew()).value()) << "only its holder gives it up";
}

TEST_P(key_leases, are_taken_over_at_once_by_the_same_holder_and_after_a_release) {
  const uuid holder = make_uuid_v4();
  sql::key_lease crashed{db(), holder};
  sql::key_lease restarted{db(), holder};
  EXPECT_FALSE(run(crashed.take()).value());
  EXPECT_FALSE(run(restarted.take()).value());
  ASSERT_TRUE(run(restarted.release()));
  EXPECT_FALSE(restarted.is_good());
  EXPECT_FALSE(run(first_.take()).value());
}

}  // namespace
}  // namespace cruddur
