#include "api/system.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/endpoint.hpp"
#include "base/digest.hpp"
#include "domain/activity.hpp"
#include "domain/time_to_live.hpp"
#include "http/credentials.hpp"
#include "http/problem.hpp"

namespace cruddur::api {
namespace {

namespace json = boost::json;

bool is_plain_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  });
}

// Amplify wants an absolute address. In development it is the one that the browser used, so that
// localhost, 127.0.0.1 and the client's own server (port 3000) all work.
std::string pool_endpoint(const client_settings& client, const http::request& request) {
  if (!client.user_pool_endpoint.empty()) return client.user_pool_endpoint;
  const std::string_view host = request.header("host");
  if (!client.production && is_plain_host(host)) {
    return "http://" + std::string{host} + "/cognito-idp/";
  }
  return client.backend_url + "/cognito-idp/";
}

http::response metrics_response(const system_services& services) {
  http::response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = services.metrics_text();
  return out;
}

bool is_this_machine(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

}  // namespace

task<http::response> show_health(system_services& services, http::request&) {
  json::object checks;
  bool healthy = true;
  for (const health_check& each : services.checks) {
    const bool fine = co_await each.is_healthy();
    checks[each.name] = fine ? "ok" : "unavailable";
    healthy = healthy && fine;
  }
  const bool stopping = services.is_stopping();
  const json::object body{{"success", healthy && !stopping},
                          {"status", stopping ? "stopping" : (healthy ? "ok" : "degraded")},
                          {"version", services.client.version},
                          {"checks", std::move(checks)}};
  co_return json_response(json::serialize(body), healthy && !stopping ? 200 : 503);
}

task<http::response> show_config(system_services& services, http::request& request) {
  const client_settings& client = services.client;
  json::array ttls;
  for (const time_to_live& each : lifetimes) ttls.emplace_back(each.code);
  const json::object body{
      {"version", client.version},
      {"environment", client.production ? "production" : "development"},
      {"api_origin", ""},
      {"identity",
       json::object{{"region", client.user_pool_id.substr(0, client.user_pool_id.find('_'))},
                    {"user_pool_id", client.user_pool_id},
                    {"user_pool_client_id", client.user_pool_client_id},
                    {"user_pool_endpoint", pool_endpoint(client, request)}}},
      {"limits", json::object{{"message", post_max_graphemes}, {"reply", reply_max_graphemes}}},
      {"ttls", std::move(ttls)},
      {"outbox", static_cast<bool>(services.outbox)}};
  co_return json_response(json::serialize(body));
}

task<http::response> show_metrics(system_services& services, http::request& request) {
  const std::string_view token = http::bearer_token(request.header("authorization"));
  const bool has_token = !services.metrics_token.empty();
  if (has_token && equal_constant_time(token, services.metrics_token))
    co_return metrics_response(services);
  if (!services.client.production && is_this_machine(request.remote_address))
    co_return metrics_response(services);
  const fault refusal =
      has_token ? make_fault(fault_kind::unauthenticated, "unauthenticated",
                             "The metrics need their token.")
                : make_fault(fault_kind::not_found, "path_not_found", "Nothing is at this path.");
  co_return http::to_problem(refusal, request.request_id);
}

task<http::response> show_metrics_to_anybody(system_services& services, http::request&) {
  co_return metrics_response(services);
}

}  // namespace cruddur::api
