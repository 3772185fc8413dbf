#include "api/system_routes.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/endpoint.hpp"
#include "api/input.hpp"
#include "api/well_known.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "domain/activity.hpp"
#include "domain/time_to_live.hpp"
#include "http/credentials.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"

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

std::string outbox_page(const std::vector<sent_mail>& mails) {
  std::string out =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Outbox</title>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"/outbox.css\">"
      "<main><h1>Outbox</h1>"
      "<p>Mail that this development server would have sent, newest first.</p>";
  for (const auto& [mail, sent_at] : mails) {
    out += "<article><h2>";
    append_html(out, mail.subject);
    out += "</h2><p>To ";
    append_html(out, mail.recipient);
    out += ", " + to_rfc3339(sent_at) + "</p>";
    if (!mail.code.empty()) {
      out += "<p class=\"code\">";
      append_html(out, mail.code);
      out += "</p>";
    }
    out += "<pre>";
    append_html(out, mail.text);
    out += "</pre></article>";
  }
  out += "</main>";
  return out;
}

http::response show_outbox(const system_services& with, const http::request& from) {
  const auto mails = with.outbox();
  if (http::accepts_by_name(from.header("accept"), "text/html")) {
    http::response out;
    out.content_type = "text/html; charset=utf-8";
    out.body = outbox_page(mails);
    return out;
  }
  json::array data;
  for (const auto& [mail, sent_at] : mails) {
    data.push_back(json::object{{"to", mail.recipient},
                                {"subject", mail.subject},
                                {"text", mail.text},
                                {"code", mail.code},
                                {"sent_at", to_rfc3339(sent_at)}});
  }
  return json_response(json::serialize(json::object{{"data", std::move(data)}}));
}

http::response move_clock(const system_services& with, const http::request& from) {
  constexpr std::int64_t year = 366 * 24 * 3600;
  const auto body = json_body(from);
  if (!body) return http::to_problem(body.error(), from.request_id);
  // A whole number, however it is spelled: 5, 5.0, 5e0.
  const json::value* given = body->if_contains("advance_seconds");
  boost::system::error_code not_whole;
  const auto seconds = given == nullptr ? -1 : given->to_number<std::int64_t>(not_whole);
  if (not_whole || seconds < 0 || seconds > year) {
    const fault wrong{fault_kind::invalid,
                      {"advance_seconds_invalid"},
                      "The clock goes forward, by at most a year at once.",
                      "advance_seconds",
                      {}};
    return http::to_problem(wrong, from.request_id);
  }
  with.clock->advance(std::chrono::seconds{seconds});
  return json_response(json::serialize(json::object{{"now", to_unix_ms(with.clock->now())}}));
}

// A handler that needs not wait for anything.
template <class F>
http::handler at_once(F answer) {
  return [answer](http::request& from) -> task<http::response> { co_return answer(from); };
}

bool is_this_machine(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

http::response show_metrics_to(const system_services& with, const http::request& from) {
  const std::string_view token = http::bearer_token(from.header("authorization"));
  const bool has_token = !with.metrics_token.empty();
  if (has_token && equal_constant_time(token, with.metrics_token)) return show_metrics(with);
  if (!with.client.production && is_this_machine(from.remote_address)) return show_metrics(with);
  const fault why =
      has_token
          ? fault{fault_kind::unauthenticated,
                  {"unauthenticated"},
                  "The metrics need their token.",
                  {},
                  {}}
          : fault{fault_kind::not_found, {"path_not_found"}, "Nothing is at this path.", {}, {}};
  return http::to_problem(why, from.request_id);
}

// Without the port.
std::string_view host_name(std::string_view authority) {
  const auto end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  return authority.substr(0, end);
}

// A page of another site may be at a name that leads here (DNS rebinding); its requests say so.
bool names_this_server(const client_settings& client, const http::request& from) {
  const std::string_view host = host_name(from.header("host"));
  std::string_view own = client.backend_url;
  own.remove_prefix(std::min(own.size(), own.find("://") + 3));
  for (const std::string_view each : {std::string_view{"localhost"}, std::string_view{"127.0.0.1"},
                                      std::string_view{"[::1]"}, host_name(own)}) {
    if (http::equal_ignoring_case(host, each)) return true;
  }
  return false;
}

template <class F>
http::handler for_development(const system_services& with, F answer) {
  return at_once([&with, answer](const http::request& from) {
    if (names_this_server(with.client, from)) return answer(with, from);
    const fault why{fault_kind::forbidden,
                    {"host_forbidden"},
                    "This is for requests to this server by its own name.",
                    {},
                    {}};
    return http::to_problem(why, from.request_id);
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
      {get, "/metrics",
       at_once([&with](const http::request& from) { return show_metrics_to(with, from); })},
      {get, "/api/openapi.json", embedded("/openapi.json")},
      {get, "/api/docs", embedded("/docs.html")},
      {get, "/api/docs.css", embedded("/docs.css")},
  };
  for (auto& each : well_known_routes(with.client.frontend_url)) out.push_back(std::move(each));
  if (with.outbox) out.push_back({get, "/dev/outbox", for_development(with, show_outbox)});
  if (with.clock != nullptr) out.push_back({post, "/dev/clock", for_development(with, move_clock)});
  return out;
}

std::vector<http::route> metrics_routes(system_services& with) {
  return {{http::method::get, "/metrics",
           at_once([&with](const http::request&) { return show_metrics(with); })}};
}

}  // namespace cruddur::api
