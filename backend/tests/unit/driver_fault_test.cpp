#include "adapters/sql/driver_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cruddur::sql {
namespace {

using enum driver_fault;

TEST(driver_fault, has_a_name_for_each) {
  EXPECT_EQ(name_of(unique_violation), "unique_violation");
  EXPECT_EQ(name_of(busy), "busy");
  EXPECT_EQ(name_of(timed_out), "timed_out");
  EXPECT_EQ(name_of(disk_full), "disk_full");
  EXPECT_EQ(name_of(read_only), "read_only");
  EXPECT_EQ(name_of(broken), "broken");
  EXPECT_EQ(static_cast<std::size_t>(broken) + 1, driver_fault_names.size());
}

TEST(driver_fault, tells_refusals_from_what_the_data_forbid) {
  EXPECT_FALSE(is_refusal(unique_violation));
  EXPECT_FALSE(is_refusal(foreign_key_violation));
  for (const auto each :
       {busy, contended, unreachable, timed_out, disk_full, forbidden, read_only, io, broken}) {
    EXPECT_TRUE(is_refusal(each)) << name_of(each);
  }
}

TEST(driver_fault, tells_outside_no_more_than_the_wire_knows) {
  const fault twice = driver_error{unique_violation, "users.handle"};
  EXPECT_EQ(twice.kind, fault_kind::conflict);
  EXPECT_THAT(twice.codes, testing::ElementsAre("unique_violation"));
  EXPECT_EQ(twice.field, "users.handle");
  const fault queued = driver_error{busy};
  EXPECT_THAT(queued.codes, testing::ElementsAre("database_busy"));
  EXPECT_EQ(queued.retry_after, std::chrono::seconds{1});
  for (const auto each :
       {contended, unreachable, timed_out, disk_full, forbidden, read_only, io, broken}) {
    const fault told = driver_error{each};
    EXPECT_EQ(told.kind, fault_kind::unavailable);
    EXPECT_THAT(told.codes, testing::ElementsAre("database_unavailable")) << name_of(each);
    EXPECT_EQ(told.retry_after, std::chrono::seconds{2});
  }
}

// As a store passes it on.
result<int> pass_on(driver_result<int> from) {
  if (!from) return std::unexpected(from.error());
  return *from;
}

TEST(driver_fault, is_passed_on_as_a_fault) {
  EXPECT_EQ(pass_on(3), 3);
  EXPECT_EQ(pass_on(refused(io)).error().codes.front(), "database_unavailable");
}

}  // namespace
}  // namespace cruddur::sql
