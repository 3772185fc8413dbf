#include "api/routes.hpp"

#include "api/activities.hpp"
#include "api/people.hpp"

namespace cruddur::api {
namespace {

struct row {
  http::method verb;
  const char* pattern;
  access who;
  endpoint call;
};

using enum http::method;
using enum access;

constexpr row table[] = {
    // clang-format off
    {get,  "/api/activities/home",                     anyone, list_home},
    {get,  "/api/activities/@{handle}",                anyone, list_by_author},
    {get,  "/api/activities/@{handle}/status/{uuid}",  anyone, show_activity},
    {get,  "/api/activities/{uuid}",                   anyone, show_activity},
    {post, "/api/activities",                          member, create_activity},
    {post, "/api/activities/{uuid}/reply",             member, create_reply},
    {del,  "/api/activities/{uuid}",                   member, delete_activity},
    {put,  "/api/activities/{uuid}/like",              member, like_activity},
    {del,  "/api/activities/{uuid}/like",              member, unlike_activity},
    {post, "/api/activities/{uuid}/like",              member, toggle_like},
    {get,  "/api/users/@{handle}",                     anyone, show_profile},
    {get,  "/api/users/@{handle}/short",               anyone, show_short_profile},
    {get,  "/api/profile/me",                          member, show_own_profile},
    // clang-format on
};

}  // namespace

std::vector<http::route> application_routes(services& with) {
  std::vector<http::route> out;
  for (const row& each : table) {
    out.push_back({each.verb, each.pattern, make_handler(with, each.who, each.call)});
  }
  return out;
}

}  // namespace cruddur::api
