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
#include "base/task.hpp"

namespace cruddur::http {

enum class method : std::uint8_t { get, head, post, put, patch, del, options, other };

// "GET"; "OTHER" for a method that no route can have.
std::string_view to_string(method verb);

// Views point into the connection's buffers and are good until the handler has given its answer.
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

  // Filled by the connection and the router.
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // names in lower case
  std::forward_list<std::string> joined_values;  // of headers that came in several lines
  std::vector<std::pair<std::string_view, std::string>> path_values;
};

// The bytes of a body: own, shared with other answers, or constant for the program's life (in the
// binary).
using body_bytes = std::variant<std::string, std::shared_ptr<const std::string>, std::string_view>;

struct response {
  unsigned status = 200;
  std::string_view content_type;  // a constant; "" for none
  body_bytes body;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in lower case, constants

  std::string_view body_view() const;
};

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";

using handler = std::function<task<response>(request&)>;

// Decides by the head alone whether a request may go on: nothing when it may, else the answer.
using access_check = std::function<task<std::optional<response>>(request&)>;

}  // namespace cruddur::http
