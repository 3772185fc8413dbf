#include "api/development.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/endpoint.hpp"
#include "api/input.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"
#include "http/text.hpp"

namespace cruddur::api {
namespace {

namespace json = boost::json;

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

// Without the port.
std::string_view host_name(std::string_view authority) {
  const auto end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  return authority.substr(0, end);
}

bool names_this_server(const client_settings& client, const http::request& request) {
  const std::string_view host = host_name(request.header("host"));
  std::string_view own = client.backend_url;
  own.remove_prefix(std::min(own.size(), own.find("://") + 3));
  for (const std::string_view each : {std::string_view{"localhost"}, std::string_view{"127.0.0.1"},
                                      std::string_view{"[::1]"}, host_name(own)}) {
    if (http::equal_ignoring_case(host, each)) return true;
  }
  return false;
}

http::response host_forbidden(const http::request& request) {
  const fault refusal = make_fault(fault_kind::forbidden, "host_forbidden",
                                   "This is for requests to this server by its own name.");
  return http::to_problem(refusal, request.request_id);
}

}  // namespace

task<http::response> show_outbox(system_services& services, http::request& request) {
  if (!names_this_server(services.client, request)) co_return host_forbidden(request);
  const auto mails = services.outbox();
  if (http::accepts_by_name(request.header("accept"), "text/html")) {
    http::response out;
    out.content_type = "text/html; charset=utf-8";
    out.body = outbox_page(mails);
    co_return out;
  }
  json::array data;
  for (const auto& [mail, sent_at] : mails) {
    data.push_back(json::object{{"to", mail.recipient},
                                {"subject", mail.subject},
                                {"text", mail.text},
                                {"code", mail.code},
                                {"sent_at", to_rfc3339(sent_at)}});
  }
  co_return json_response(json::serialize(json::object{{"data", std::move(data)}}));
}

task<http::response> move_clock(system_services& services, http::request& request) {
  if (!names_this_server(services.client, request)) co_return host_forbidden(request);
  constexpr std::int64_t year = 366 * 24 * 3600;
  const auto body = json_body(request);
  if (!body) co_return http::to_problem(body.error(), request.request_id);
  // A whole number, however it is spelled: 5, 5.0, 5e0.
  const json::value* field = body->if_contains("advance_seconds");
  boost::system::error_code not_whole;
  const auto seconds = field == nullptr ? -1 : field->to_number<std::int64_t>(not_whole);
  if (not_whole || seconds < 0 || seconds > year) {
    const fault wrong =
        make_fault(fault_kind::invalid, "advance_seconds_invalid",
                   "The clock goes forward, by at most a year at once.", "advance_seconds");
    co_return http::to_problem(wrong, request.request_id);
  }
  services.clock->advance(std::chrono::seconds{seconds});
  co_return json_response(
      json::serialize(json::object{{"now", to_unix_ms(services.clock->now())}}));
}

}  // namespace cruddur::api
