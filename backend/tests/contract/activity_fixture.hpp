// Two people and what they post, reply and like, on each engine.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/reactions.hpp"
#include "adapters/sql/retention.hpp"
#include "adapters/sql/threads.hpp"
#include "adapters/sql/timelines.hpp"
#include "support/test_database.hpp"

namespace cruddur::test {

constexpr time_point start = from_unix_ms(1'800'000'000'000);

class activity_fixture : public database_test {
 protected:
  activity_fixture() {
    ann_ = add_profile("ann");
    bob_ = add_profile("bob");
  }

  uuid add_profile(const std::string& handle) {
    const uuid identity = make_uuid_v4();
    const profile made{make_uuid_v4(), handle, "The " + handle, "", start};
    EXPECT_TRUE(run(profiles_->create(identity, made)));
    identities_[made.id] = identity;
    return made.id;
  }

  activity post(uuid author, time_point at = start,
                std::chrono::hours lives = std::chrono::hours{24}) {
    auto made = run(store_->create_post({make_uuid_v7(at), author, "a post", at, {}}, at + lives));
    EXPECT_TRUE(made);
    return *made;
  }

  activity reply(uuid author, uuid parent, time_point at = start) {
    auto made = run(store_->create_reply({make_uuid_v7(at), author, "a reply", at, {}}, parent));
    EXPECT_TRUE(made);
    return made->reply;
  }

  activity_lookup find(uuid id, std::optional<uuid> viewer = {}, time_point now = start) {
    return *run(store_->find({.viewer = viewer, .now = now}, id));
  }

  std::vector<uuid> home(page_request page = {}, time_point now = start) {
    return ids(run(timelines_->home({.now = now}, page))->rows);
  }

  std::vector<uuid> tree(uuid parent, page_request page = {}, std::size_t depth = 4,
                         std::size_t max_rows = 100, std::size_t children = 100) {
    const tree_bounds bounds{.depth = depth, .children = children, .rows = max_rows};
    std::vector<uuid> out;
    for (const auto& each : *run(threads_->reply_tree({.now = start}, parent, page, bounds))) {
      out.push_back(each.reply.id);
    }
    return out;
  }

  void sweep(time_point now, std::size_t limit = 100) {
    for (bool more = true; more;) {
      const auto swept = run(retention_->sweep(now, limit));
      ASSERT_TRUE(swept);
      more = swept->more;
    }
  }

  std::int64_t rows_of(const sql::statement& query) {
    return run(db().read(query, {}))->rows.at(0).integer(0);
  }

  static std::vector<uuid> ids(const std::vector<activity>& of) {
    std::vector<uuid> out;
    for (const activity& each : of) out.push_back(each.id);
    return out;
  }

  template <class T>
  static std::string code_of(const result<T>& outcome) {
    return outcome ? "" : outcome.error().codes.front();
  }

  std::unique_ptr<activity_store> store_ = sql::create_activity_store(db(), vault());
  std::unique_ptr<timelines> timelines_ = sql::create_timelines(db(), vault());
  std::unique_ptr<threads> threads_ = sql::create_threads(db(), vault());
  std::unique_ptr<reactions> reactions_ = sql::create_reactions(db());
  std::unique_ptr<retention> retention_ = sql::create_retention(db());
  std::unique_ptr<profile_store> profiles_ = sql::create_profile_store(db(), vault(), index());
  std::map<uuid, uuid> identities_;  // by the profile's id
  uuid ann_;
  uuid bob_;
};

}  // namespace cruddur::test
