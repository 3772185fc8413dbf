// Turns answers into the bytes of HTTP/1.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cruddur::http {

// HTTP/1.0 wants to be told that the connection stays. A connection that a handler takes over says
// nothing: the handler's own headers do.
enum class persistence { close, keep_alive, keep_alive_1_0, taken_over };

// What Strict-Transport-Security says (RFC 6797).
enum class transport_security { none, this_host, with_subdomains };

// What every answer of a server carries, made once: whole header lines, each with CR LF.
struct fixed_lines {
  std::string security;
  std::string html;  // added for text/html

  fixed_lines(transport_security promise, std::string_view content_security_policy);
};

struct answer_context {
  const fixed_lines& fixed;
  std::string_view cors;        // whole lines
  std::string_view date;        // as RFC 9110, section 5.6.7
  std::string_view request_id;  // "" for none
  std::int64_t server_time_ms;
  persistence connection;
};

// Appends the status line and all headers with the closing empty line. Content-Length is the size
// of `answer`'s body, sent or not. Control characters in header values become spaces.
void append_answer_head(std::string& out, const response& answer, const answer_context& context);

// "Thu, 01 Jan 1970 00:00:00 GMT"
std::string format_http_date(std::int64_t unix_seconds);

std::string_view reason_phrase(unsigned status);

}  // namespace cruddur::http
