#include "api/routes.hpp"

#include "api/activities.hpp"
#include "api/people.hpp"

namespace cruddur::api {
namespace {

struct row {
  http::method verb;
  const char* pattern;
  access allowed;
  endpoint call;
  std::optional<write_kind> budget = std::nullopt;
};

using enum http::method;
using enum access;

constexpr row table[] = {
    // clang-format off
    {get,  "/api/activities/home",                     anyone, list_home},
    {get,  "/api/activities/@{handle}",                anyone, list_by_author},
    {get,  "/api/activities/@{handle}/status/{uuid}",  anyone, show_activity},
    {get,  "/api/activities/{uuid}",                   anyone, show_activity},
    {post, "/api/activities",                          member, create_activity, write_kind::posts},
    {post, "/api/activities/{uuid}/reply",             member, create_reply, write_kind::replies},
    {del,  "/api/activities/{uuid}",                   member, delete_activity, write_kind::deletions},
    {put,  "/api/activities/{uuid}/like",              member, like_activity, write_kind::likes},
    {del,  "/api/activities/{uuid}/like",              member, unlike_activity, write_kind::likes},
    {post, "/api/activities/{uuid}/like",              member, toggle_like, write_kind::likes},
    {get,  "/api/users/@{handle}",                     anyone, show_profile},
    {get,  "/api/users/@{handle}/short",               anyone, show_short_profile},
    {get,  "/api/profile/me",                          member, show_own_profile},
    // clang-format on
};

}  // namespace

std::vector<http::route> application_routes(services& services) {
  std::vector<http::route> out;
  for (const row& each : table) {
    out.push_back({each.verb, each.pattern,
                   make_handler(services, each.allowed, each.call, each.budget),
                   make_access_check(services, each.allowed)});
  }
  return out;
}

}  // namespace cruddur::api
