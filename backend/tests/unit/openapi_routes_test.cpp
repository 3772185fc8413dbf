// Holds the routes that the server has against the paths of api/openapi.yaml, in both directions.
#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/feed_json.hpp"
#include "api/routes.hpp"
#include "main/pool_handlers.hpp"
#include "support/pool_fixture.hpp"
#include "unit/fake_activity_store.hpp"

namespace cruddur {
namespace {

using names = std::set<std::string>;  // "GET /api/activities/home"

// The lines of `paths:` that name a path (two spaces deep) or a method of it (four).
names operations_of_contract() {
  std::ifstream text{CRUDDUR_SOURCE_DIR "/api/openapi.yaml"};
  const std::regex path_line{"^  (/[^:]*):$"};
  const std::regex method_line{"^    (get|put|post|delete|patch):"};
  names out;
  std::string path;
  bool within = false;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.front() != ' ') within = line == "paths:";
    std::smatch match;
    if (!within) continue;
    if (std::regex_search(line, match, path_line)) {
      path = match[1];
    } else if (std::regex_search(line, match, method_line)) {
      std::string method = match[1];
      std::ranges::transform(method, method.begin(), [](char c) { return c - 'a' + 'A'; });
      out.insert(method + " " + path);
    }
  }
  return out;
}

names names_of(const std::vector<http::route>& routes) {
  names out;
  for (const http::route& each : routes) {
    out.insert(std::string{http::to_string(each.verb)} + " " + each.pattern);
  }
  return out;
}

struct openapi_routes : testing::pool_fixture {
  tests::fake_activity_store store;
  activity_observers nobody{{}};
  activity_writer writer{store, *profiles, nobody};
  cruddur::likes likes{store, store, nobody};
  api::feed_json format;
  feed home{home_of(store), format, store, store, {}};
  write_budgets budgets{{}};
  profile_ids viewers{*profiles};
  api::services services{*time,  *verifier, store, store,   store,  *profiles,
                         writer, likes,     home,  budgets, viewers};
  movable_clock movable;
  api::system_services system;

  // Of a development server with everything switched on.
  names served() {
    system.outbox = [] { return std::vector<sent_mail>{}; };
    system.clock = &movable;
    return names_of(api::all_routes(services, system, make_pool_handlers(*pool, "{pool_id}")));
  }
};

TEST_F(openapi_routes, are_the_operations_of_the_contract) {
  const names described = operations_of_contract();
  EXPECT_GT(described.size(), 20U);
  EXPECT_THAT(served(), ::testing::ContainerEq(described));
}

TEST_F(openapi_routes, for_development_and_of_the_local_pool_are_missing_elsewhere) {
  for (const std::string& each : names_of(api::all_routes(services, system, {}))) {
    EXPECT_EQ(each.find("/dev/"), std::string::npos) << each;
    EXPECT_EQ(each.find("cognito"), std::string::npos) << each;
    EXPECT_EQ(each.find("{pool_id}"), std::string::npos) << each;
  }
}

}  // namespace
}  // namespace cruddur
