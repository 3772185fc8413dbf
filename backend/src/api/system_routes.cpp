#include "api/system_routes.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/endpoint.hpp"
#include "api/input.hpp"
#include "base/json_writer.hpp"
#include "domain/activity.hpp"
#include "domain/time_to_live.hpp"
#include "http/problem.hpp"
#include "http/static_files.hpp"

namespace cruddur::api {
namespace {

namespace json = boost::json;

task<http::response> show_health(const system_services& with) {
  json::object checks;
  bool healthy = true;
  for (const health_check& each : with.checks) {
    const bool fine = co_await each.is_healthy();
    checks[each.name] = fine ? "ok" : "unavailable";
    healthy = healthy && fine;
  }
  const bool stopping = with.is_stopping();
  const json::object body{{"success", healthy && !stopping},
                          {"status", stopping ? "stopping" : (healthy ? "ok" : "degraded")},
                          {"version", with.client.version},
                          {"checks", std::move(checks)}};
  co_return json_response(json::serialize(body), healthy && !stopping ? 200 : 503);
}

bool is_plain_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  });
}

// Amplify wants an absolute address. In development it is the one that the browser used, so that
// localhost, 127.0.0.1 and the client's own server (port 3000) all work.
std::string pool_endpoint(const client_settings& client, const http::request& from) {
  if (!client.user_pool_endpoint.empty()) return client.user_pool_endpoint;
  const std::string_view host = from.header("host");
  if (!client.production && is_plain_host(host)) {
    return "http://" + std::string{host} + "/cognito-idp/";
  }
  return client.backend_url + "/cognito-idp/";
}

http::response show_config(const system_services& with, const http::request& from) {
  const client_settings& client = with.client;
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
                    {"user_pool_endpoint", pool_endpoint(client, from)}}},
      {"limits", json::object{{"message", post_max_graphemes}, {"reply", reply_max_graphemes}}},
      {"ttls", std::move(ttls)},
      {"outbox", static_cast<bool>(with.outbox)}};
  return json_response(json::serialize(body));
}

http::response show_metrics(const system_services& with) {
  http::response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = with.metrics_text();
  return out;
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
}

std::string outbox_page(const std::vector<outbox_mail>& mails) {
  std::string out =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Outbox</title>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"/outbox.css\">"
      "<main><h1>Outbox</h1>"
      "<p>Mail that this development server would have sent, newest first.</p>";
  for (const outbox_mail& each : mails) {
    out += "<article><h2>";
    append_html(out, each.subject);
    out += "</h2><p>To ";
    append_html(out, each.to);
    out += ", " + to_rfc3339(each.sent_at) + "</p>";
    if (!each.code.empty()) {
      out += "<p class=\"code\">";
      append_html(out, each.code);
      out += "</p>";
    }
    out += "<pre>";
    append_html(out, each.text);
    out += "</pre></article>";
  }
  out += "</main>";
  return out;
}

http::response show_outbox(const system_services& with, const http::request& from) {
  const auto mails = with.outbox();
  if (from.header("accept").find("text/html") != std::string_view::npos) {
    http::response out;
    out.content_type = "text/html; charset=utf-8";
    out.body = outbox_page(mails);
    return out;
  }
  json::array data;
  for (const outbox_mail& each : mails) {
    data.push_back(json::object{{"to", each.to},
                                {"subject", each.subject},
                                {"text", each.text},
                                {"code", each.code},
                                {"sent_at", to_rfc3339(each.sent_at)}});
  }
  return json_response(json::serialize(json::object{{"data", std::move(data)}}));
}

http::response move_clock(const system_services& with, const http::request& from) {
  constexpr std::int64_t year = 366 * 24 * 3600;
  const auto body = json_body(from);
  if (!body) return http::to_problem(body.error(), from.request_id);
  const json::value* seconds = body->if_contains("advance_seconds");
  if (seconds == nullptr || !seconds->is_int64() || seconds->as_int64() < 0 ||
      seconds->as_int64() > year) {
    const fault wrong{fault_kind::invalid,
                      {"advance_seconds_invalid"},
                      "The clock goes forward, by at most a year at once.",
                      "advance_seconds",
                      {}};
    return http::to_problem(wrong, from.request_id);
  }
  with.clock->advance(std::chrono::seconds{seconds->as_int64()});
  return json_response(json::serialize(json::object{{"now", to_unix_ms(with.clock->now())}}));
}

// A handler that needs not wait for anything.
template <class F>
http::handler at_once(F answer) {
  return [answer](http::request& from) -> task<http::response> { co_return answer(from); };
}

http::handler embedded(const char* path) {
  return at_once([path](const http::request& from) {
    const auto* file = http::find_file(http::embedded_files(), path);
    if (file != nullptr) return http::file_response(*file, from);
    const fault missing{
        fault_kind::not_found, {"not_found"}, "Built without the web client.", {}, {}};
    return http::to_problem(missing, from.request_id);
  });
}

}  // namespace

std::vector<http::route> system_routes(system_services& with) {
  using enum http::method;
  std::vector<http::route> out{
      {get, "/api/health-check",
       [&with](http::request&) -> task<http::response> { return show_health(with); }},
      {get, "/config.json",
       at_once([&with](const http::request& from) { return show_config(with, from); })},
      {get, "/metrics", at_once([&with](const http::request&) { return show_metrics(with); })},
      {get, "/api/openapi.json", embedded("/openapi.json")},
      {get, "/api/docs", embedded("/docs.html")},
      {get, "/api/docs.css", embedded("/docs.css")},
  };
  if (with.outbox) {
    out.push_back({get, "/dev/outbox", at_once([&with](const http::request& from) {
                     return show_outbox(with, from);
                   })});
  }
  if (with.clock != nullptr) {
    out.push_back({post, "/dev/clock",
                   at_once([&with](const http::request& from) { return move_clock(with, from); })});
  }
  return out;
}

}  // namespace cruddur::api
