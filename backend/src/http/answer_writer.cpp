#include "http/answer_writer.hpp"

#include <charconv>

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace cruddur::http {
namespace {

void append_status_line(std::string& out, unsigned status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, status);
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  const std::size_t begin = out.size();
  out += value;
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (static_cast<unsigned char>(out[i]) < 0x20 || out[i] == 0x7f) out[i] = ' ';
  }
  out += "\r\n";
}

}  // namespace

fixed_lines::fixed_lines(transport_security promise, std::string_view content_security_policy) {
  security =
      "x-content-type-options: nosniff\r\n"
      "referrer-policy: strict-origin-when-cross-origin\r\n"
      "cross-origin-opener-policy: same-origin\r\n";
  if (promise != transport_security::none) {
    security += "strict-transport-security: max-age=31536000";
    if (promise == transport_security::with_subdomains) security += "; includeSubDomains";
    security += "\r\n";
  }
  if (!content_security_policy.empty()) {
    append_line(html, "content-security-policy", content_security_policy);
  }
  html += "x-frame-options: DENY\r\n";
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {  // names newer than Beast's
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    default:
      break;
  }
  const auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {text.data(), text.size()};
}

std::string format_http_date(std::int64_t unix_seconds) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

void append_answer_head(std::string& out, const response& answer, const answer_context& context) {
  append_status_line(out, answer.status);
  const bool bodiless = answer.status == 204 || answer.status == 304 || answer.status < 200;
  if (!answer.content_type.empty() && !bodiless) {
    append_line(out, "content-type", answer.content_type);
    if (answer.content_type.starts_with("text/html")) out += context.fixed.html;
  }
  if (!bodiless) {
    out += "content-length: ";
    append_number(out, static_cast<std::int64_t>(answer.body_size()));
    out += "\r\n";
  }
  for (const auto& [name, value] : answer.headers) append_line(out, name, value);
  out += "date: ";
  out += context.date;
  out += "\r\nx-server-time: ";
  append_number(out, context.server_time_ms);
  if (!context.request_id.empty()) {
    out += "\r\nx-request-id: ";
    out += context.request_id;
  }
  out += "\r\n";
  out += context.cors;
  out += context.fixed.security;
  if (context.connection == persistence::close) out += "connection: close\r\n";
  if (context.connection == persistence::keep_alive_1_0) out += "connection: keep-alive\r\n";
  out += "\r\n";
}

}  // namespace cruddur::http
