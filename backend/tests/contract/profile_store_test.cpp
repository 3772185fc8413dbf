// What the profile store promises, run on each engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/activity_fixture.hpp"

namespace cruddur {
namespace {

using test::start;
using testing::IsEmpty;
using profiles = test::activity_fixture;

INSTANTIATE_TEST_SUITE_P(on, profiles, test::engines(), test::engine_name);

TEST_P(profiles, are_made_once_and_found_by_handle) {
  const uuid identity = make_uuid_v4();
  const profile made{make_uuid_v4(), "carol", "Carol", "hi", start};
  ASSERT_TRUE(run(profiles_->create(identity, made)));
  // Whoever makes it again has chosen another id.
  ASSERT_TRUE(run(profiles_->create(identity, {make_uuid_v4(), "carol", "Carol", "", start})));
  EXPECT_EQ(*run(profiles_->find_id(identity)), made.id);
  EXPECT_FALSE(*run(profiles_->find_id(made.id)));
  const auto found = run(profiles_->find_by_handle("carol"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, made.id);
  EXPECT_EQ((*found)->bio, "hi");
  EXPECT_TRUE(*run(profiles_->any()));
  EXPECT_FALSE(*run(profiles_->find_by_handle("nobody")));
}

TEST_P(profiles, are_told_from_handles_that_nobody_has) {
  const auto found = run(profiles_->existing({"ann", "no\"body", "bob", "b'b"}));
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, testing::UnorderedElementsAre("ann", "bob"));
  EXPECT_THAT(*run(profiles_->existing({})), IsEmpty());
}

TEST_P(profiles, of_two_people_never_share_a_handle) {
  EXPECT_EQ(
      code_of(run(profiles_->create(make_uuid_v4(), {make_uuid_v4(), "ann", "Other", "", start}))),
      "handle_taken");
}

}  // namespace
}  // namespace cruddur
