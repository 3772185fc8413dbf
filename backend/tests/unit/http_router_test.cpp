#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/router.hpp"

namespace cruddur::http {
namespace {

handler nothing() {
  return [](request&) -> task<response> { co_return response{}; };
}

router make_router() {
  std::vector<route> routes;
  for (const char* each :
       {"/", "/api/activities/home", "/api/activities/@{handle}", "/api/activities/{uuid}",
        "/api/activities/@{handle}/status/{uuid}", "/cognito-idp/"}) {
    routes.push_back({method::get, each, nothing()});
  }
  routes.push_back({method::post, "/api/activities/{uuid}/like", nothing()});
  routes.push_back({method::put, "/api/activities/{uuid}/like", nothing()});
  routes.push_back({method::del, "/api/activities/{uuid}", nothing()});
  return router{std::move(routes)};
}

request ask(std::string_view path, method verb = method::get) {
  request out;
  out.verb = verb;
  out.path = path;
  return out;
}

TEST(router, prefers_literal_then_prefixed_then_plain_parameter) {
  const router table = make_router();
  auto from = ask("/api/activities/home");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/home");
  from = ask("/api/activities/@ann");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/@{handle}");
  EXPECT_EQ(from.path_value("handle"), "ann");
  from = ask("/api/activities/01ab");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/{uuid}");
  EXPECT_EQ(from.path_value("uuid"), "01ab");
}

TEST(router, compares_segments_decoded_and_never_takes_an_escaped_slash_for_a_separator) {
  const router table = make_router();
  auto from = ask("/%61pi/activities/h%6fme");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/home");
  from = ask("/api/activities/%40ann");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/@{handle}");
  EXPECT_EQ(from.path_value("handle"), "ann");
  from = ask("/api/activities/%2540ann");
  EXPECT_EQ(table.find(from).pattern, "/api/activities/{uuid}");
  EXPECT_EQ(from.path_value("uuid"), "%40ann");
  for (const char* path : {"/api%2Factivities/home", "/api%2factivities%2fhome", "%2Fapi"}) {
    from = ask(path);
    EXPECT_FALSE(table.find(from).handle) << path;
  }
}

TEST(router, gives_a_path_to_one_route_whatever_the_method) {
  const router table = make_router();
  auto from = ask("/api/activities/home", method::del);
  EXPECT_FALSE(table.find(from).handle);
  EXPECT_EQ(table.find(from).allow, "GET, HEAD, OPTIONS");
  from = ask("/api/activities/@ann", method::del);
  EXPECT_EQ(table.find(from).allow, "GET, HEAD, OPTIONS");
}

TEST(router, fills_every_parameter_decoded) {
  const router table = make_router();
  auto from = ask("/api/activities/@a%6en/status/x%2Fy");
  ASSERT_TRUE(table.find(from).handle);
  EXPECT_EQ(from.path_value("handle"), "ann");
  EXPECT_EQ(from.path_value("uuid"), "x/y");
  EXPECT_EQ(from.path_value("other"), "");
}

TEST(router, needs_the_whole_path_to_fit) {
  const router table = make_router();
  for (const char* path :
       {"/api", "/api/activities", "/api/activities/", "/api/activities/home/", "/cognito-idp",
        "//", "/api/activities/@ann/status", "/api/activities/%68ome/x", "*", ""}) {
    auto from = ask(path);
    const auto found = table.find(from);
    EXPECT_FALSE(found.handle) << path;
    EXPECT_EQ(found.allow, "") << path;
  }
}

TEST(router, names_the_methods_of_a_path_that_lacks_the_one_asked_for) {
  const router table = make_router();
  auto from = ask("/api/activities/01/like", method::get);
  EXPECT_EQ(table.find(from).allow, "POST, PUT, OPTIONS");
  from = ask("/api/activities/home", method::post);
  EXPECT_EQ(table.find(from).allow, "GET, HEAD, OPTIONS");
  from = ask("/", method::other);
  EXPECT_EQ(table.find(from).allow, "GET, HEAD, OPTIONS");
}

TEST(router, serves_head_by_get) {
  const router table = make_router();
  auto from = ask("/", method::head);
  EXPECT_TRUE(table.find(from).handle);
}

TEST(router, refuses_two_routes_for_one_thing) {
  const auto make = [](const char* a, const char* b) {
    return router{{{method::get, a, nothing()}, {method::get, b, nothing()}}};
  };
  EXPECT_THROW(make("/a", "/a"), std::logic_error);
  EXPECT_THROW(make("/{x}", "/{y}"), std::logic_error);
  EXPECT_THROW(make("a", "/b"), std::logic_error);
  EXPECT_THROW(make("/{x}.json", "/b"), std::logic_error);
}

}  // namespace
}  // namespace cruddur::http
