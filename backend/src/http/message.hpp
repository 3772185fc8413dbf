// A request as a handler sees it, and the answer it gives.
#pragma once

#include <cstdint>
#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "http/upgraded_connection.hpp"

namespace cruddur::http {

enum class method : std::uint8_t { get, head, post, put, patch, del, options, other };

// "GET"; "OTHER" for a method that no route can have.
std::string_view to_string(method verb);

// Views point into the connection's buffers and are good until the handler has given its answer.
// Takes the body of a request as it comes, in any pieces. Destroyed without end(): the body was cut
// off, or refused.
class body_sink {
 public:
  virtual ~body_sink() = default;
  // Awaited on the connection's loop, one call after another; nothing more is read meanwhile. A
  // fault is answered as a problem in the handler's place, and the connection ends.
  virtual task<result<>> write(std::string_view bytes) = 0;
  // All has come. As write().
  virtual task<result<>> end() = 0;
};

struct request {
  method verb = method::get;
  std::string_view path;   // as sent, before '?'; percent-encoding checked but not decoded
  std::string_view query;  // after '?', without it
  std::string_view body;
  std::string_view
      remote_address;  // the peer's IP, or the forwarded one when the peer is a trusted proxy
  std::string_view request_id;
  time_point received_at;

  // The value of a header, "" when absent. `name` in lower case. A list that came in several lines
  // is joined, in order (RFC 9110, section 5.3).
  std::string_view header(std::string_view name) const;
  // A query parameter, percent-decoded; nothing when absent. A repeated one gives the first.
  std::optional<std::string> query_value(std::string_view name) const;
  // A path parameter ({name} in the route), percent-decoded; "" when the route has no such one.
  std::string_view path_value(std::string_view name) const;

  // Where the route has a sink for bodies: what has the body, which is not in `body` then. Null
  // when the request has none.
  std::unique_ptr<body_sink> sink;

  // Filled by the connection and the router.
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // names in lower case
  std::forward_list<std::string> joined_values;  // of headers that came in several lines
  std::vector<std::pair<std::string_view, std::string>> path_values;
};

// A body that is made while it is sent.
class body_source {
 public:
  virtual ~body_source() = default;
  virtual std::uint64_t size() const = 0;  // does not change
  // Fills the front of `output` and gives the number of bytes, at least one while some are left.
  // Awaited on the connection's loop, one call after another. A fault, an exception or fewer bytes
  // than size() promised end the connection, as the length has been sent already.
  virtual task<result<std::size_t>> read(std::span<char> output) = 0;
};

// The bytes of a body: own, shared with other answers, or constant for the program's life (in the
// binary), or from a source.
using body_bytes = std::variant<std::string, std::shared_ptr<const std::string>, std::string_view,
                                std::unique_ptr<body_source>>;

struct response {
  unsigned status = 200;
  std::string_view content_type;  // a constant; "" for none
  body_bytes body;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in lower case, constants
  // Where it is given, the connection ends as one of HTTP once this answer (a 101, say) has been
  // written, and the function gets the socket. Not called when the client is gone before that. It
  // runs on the connection's loop, after the request is gone, so it owns what it uses.
  std::move_only_function<void(upgraded_connection)> take_over = {};

  std::string_view body_view() const;  // "" when it comes from a source
  std::uint64_t body_size() const;
};

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";

using handler = std::function<task<response>(request&)>;

// Makes the sink of one request, by its head. A fault as of body_sink::write().
using sink_factory = std::function<task<result<std::unique_ptr<body_sink>>>(request&)>;

// Decides by the head alone whether a request may go on: nothing when it may, else the answer.
using access_check = std::function<task<std::optional<response>>(request&)>;

}  // namespace cruddur::http
