#include "adapters/sql/opened_profiles.hpp"

#include <gtest/gtest.h>

namespace cruddur::sql {
namespace {

using std::chrono::milliseconds;

class opened_profile_list : public testing::Test {
 protected:
  opened_profiles profiles_;
  const uuid ann_ = make_uuid_v4();
  const opened_profiles::time start_ = std::chrono::steady_clock::now();
  const opened_profiles::time end_ = start_ + opened_profiles::kept_for;
};

TEST_F(opened_profile_list, gives_what_was_opened_for_ten_seconds) {
  profiles_.add(7, ann_, "sealed", "Ann", start_);
  EXPECT_EQ(profiles_.find(7, ann_, "sealed", start_), "Ann");
  EXPECT_EQ(profiles_.find(7, ann_, "sealed", end_ - milliseconds{1}), "Ann");
  EXPECT_FALSE(profiles_.find(7, ann_, "sealed", end_));
}

TEST_F(opened_profile_list, gives_it_for_the_same_row_only) {
  profiles_.add(7, ann_, "sealed", "Ann", start_);
  EXPECT_FALSE(profiles_.find(8, ann_, "sealed", start_));
  EXPECT_FALSE(profiles_.find(7, make_uuid_v4(), "sealed", start_));
  EXPECT_FALSE(profiles_.find(7, ann_, "sealed anew", start_));
  profiles_.add(7, ann_, "sealed anew", "Anna", start_);
  EXPECT_EQ(profiles_.find(7, ann_, "sealed anew", start_), "Anna");
  EXPECT_FALSE(profiles_.find(7, ann_, "sealed", start_));
}

TEST_F(opened_profile_list, has_room_again_when_the_old_are_dropped) {
  const auto most = static_cast<key_slot>(opened_profiles::most);
  for (key_slot slot = 0; slot < most; ++slot) profiles_.add(slot, ann_, "sealed", "Ann", start_);
  profiles_.add(most, ann_, "sealed", "one more", start_);
  EXPECT_FALSE(profiles_.find(most, ann_, "sealed", start_));
  profiles_.drop_old(end_ - milliseconds{1});
  EXPECT_TRUE(profiles_.find(0, ann_, "sealed", start_));
  profiles_.drop_old(end_);
  EXPECT_FALSE(profiles_.find(0, ann_, "sealed", start_)) << "it left the memory";
  profiles_.add(most, ann_, "sealed", "one more", end_);
  EXPECT_EQ(profiles_.find(most, ann_, "sealed", end_), "one more");
}

}  // namespace
}  // namespace cruddur::sql
