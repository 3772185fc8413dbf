#include "api/routes.hpp"

#include <variant>

#include "api/activities.hpp"
#include "api/development.hpp"
#include "api/endpoint.hpp"
#include "api/people.hpp"
#include "api/well_known.hpp"
#include "base/visitor.hpp"

namespace cruddur::api {
namespace {

// Who may call what the application does.
struct rule {
  access allowed;
  std::optional<write_kind> budget = std::nullopt;
};

constexpr rule anyone{access::anyone};
constexpr rule member{access::member};
constexpr rule posts{access::member, write_kind::posts};
constexpr rule replies{access::member, write_kind::replies};
constexpr rule deletions{access::member, write_kind::deletions};
constexpr rule likes{access::member, write_kind::likes};

// The handler decides whom it answers.
constexpr rule unguarded{access::anyone};

enum class condition : std::uint8_t { always, with_outbox, with_movable_clock, with_pool };
using enum condition;

using target = std::variant<endpoint, system_endpoint, http::handler pool_handlers::*>;

struct row {
  http::method verb;
  const char* pattern;
  condition served;
  rule access_rule;
  target call;
};

using enum http::method;

// {pool_id} is the id of this server's pool and no other.
constexpr row table[] = {
    // clang-format off
    {get,  "/api/activities/home",                            always,             anyone,    list_home},
    {get,  "/api/activities/@{handle}",                       always,             anyone,    list_by_author},
    {get,  "/api/activities/@{handle}/status/{uuid}",         always,             anyone,    show_activity},
    {get,  "/api/activities/{uuid}",                          always,             anyone,    show_activity},
    {post, "/api/activities",                                 always,             posts,     create_activity},
    {post, "/api/activities/{uuid}/reply",                    always,             replies,   create_reply},
    {del,  "/api/activities/{uuid}",                          always,             deletions, delete_activity},
    {put,  "/api/activities/{uuid}/like",                     always,             likes,     like_activity},
    {del,  "/api/activities/{uuid}/like",                     always,             likes,     unlike_activity},
    {post, "/api/activities/{uuid}/like",                     always,             likes,     toggle_like},
    {get,  "/api/users/@{handle}",                            always,             anyone,    show_profile},
    {get,  "/api/users/@{handle}/short",                      always,             anyone,    show_short_profile},
    {get,  "/api/profile/me",                                 always,             member,    show_own_profile},

    {get,  "/api/health-check",                               always,             unguarded, show_health},
    {get,  "/config.json",                                    always,             unguarded, show_config},
    {get,  "/metrics",                                        always,             unguarded, show_metrics},
    {get,  "/api/openapi.json",                               always,             unguarded, show_openapi},
    {get,  "/api/docs",                                       always,             unguarded, show_api_docs},
    {get,  "/api/docs.css",                                   always,             unguarded, show_api_docs_style},
    {get,  "/favicon.ico",                                    always,             unguarded, show_icon},
    {get,  "/robots.txt",                                     always,             unguarded, show_robots},
    {get,  "/.well-known/change-password",                    always,             unguarded, lead_to_password_change},
    {get,  "/dev/outbox",                                     with_outbox,        unguarded, show_outbox},
    {post, "/dev/clock",                                      with_movable_clock, unguarded, move_clock},

    {post, "/cognito-idp/",                                   with_pool,          unguarded, &pool_handlers::wire},
    {get,  "/{pool_id}/.well-known/jwks.json",                with_pool,          unguarded, &pool_handlers::keys},
    {get,  "/{pool_id}/.well-known/openid-configuration",     with_pool,          unguarded, &pool_handlers::discovery},
    // clang-format on
};

bool is_served(condition served, const system_services& system, const pool_handlers& pool) {
  switch (served) {
    case always:
      return true;
    case with_outbox:
      return static_cast<bool>(system.outbox);
    case with_movable_clock:
      return system.clock != nullptr;
    case with_pool:
      return !pool.id.empty();
  }
  return false;
}

std::string path_of(const row& row, const pool_handlers& pool) {
  constexpr std::string_view name = "{pool_id}";
  std::string path = row.pattern;
  const auto place = path.find(name);
  if (place != std::string::npos) path.replace(place, name.size(), pool.id);
  return path;
}

http::handler handler_of(system_services& system, system_endpoint call) {
  return [&system, call](http::request& request) { return call(system, request); };
}

}  // namespace

std::vector<http::route> all_routes(services& services, system_services& system,
                                    const pool_handlers& pool) {
  std::vector<http::route> routes;
  for (const row& each : table) {
    if (!is_served(each.served, system, pool)) continue;
    http::route route{each.verb, path_of(each, pool), {}};
    std::visit(visitor{[&](endpoint call) {
                         const auto [allowed, budget] = each.access_rule;
                         route.handle = make_handler(services, allowed, call, budget);
                         route.access = make_access_check(services, allowed);
                       },
                       [&](system_endpoint call) { route.handle = handler_of(system, call); },
                       [&](http::handler pool_handlers::* call) { route.handle = pool.*call; }},
               each.call);
    routes.push_back(std::move(route));
  }
  return routes;
}

std::vector<http::route> metrics_routes(system_services& system) {
  return {{get, "/metrics", handler_of(system, show_metrics_to_anybody)}};
}

}  // namespace cruddur::api
