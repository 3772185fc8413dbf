#include "http/problem.hpp"

#include <string>

#include "base/json_writer.hpp"

namespace cruddur::http {
namespace {

struct kind_status {
  unsigned status;
  std::string_view title;
};

kind_status status_of(fault_kind kind) {
  switch (kind) {
    case fault_kind::invalid:
      return {422, "Unprocessable Content"};
    case fault_kind::malformed:
      return {400, "Bad Request"};
    case fault_kind::unauthenticated:
      return {401, "Unauthorized"};
    case fault_kind::forbidden:
      return {403, "Forbidden"};
    case fault_kind::not_found:
      return {404, "Not Found"};
    case fault_kind::gone:
      return {410, "Gone"};
    case fault_kind::conflict:
      return {409, "Conflict"};
    case fault_kind::rate_limited:
      return {429, "Too Many Requests"};
    case fault_kind::unavailable:
      return {503, "Service Unavailable"};
  }
  return {500, "Internal Server Error"};
}

// RFC 6750, section 3: which of a token's faults it was.
std::string challenge(const fault& from) {
  for (const auto& code : from.codes) {
    if (code == "token_invalid" || code == "token_expired") {
      return "Bearer realm=\"cruddur\", error=\"invalid_token\"";
    }
  }
  return "Bearer realm=\"cruddur\"";
}

}  // namespace

response make_problem(const problem& what, std::string_view request_id) {
  std::string body = "{\"type\":\"about:blank\",\"title\":";
  append_json_string(body, what.title);
  body += ",\"status\":";
  append_number(body, what.status);
  body += ",\"detail\":";
  append_json_string(body, what.detail);
  body += ",\"errors\":[";
  for (std::size_t i = 0; i < what.codes.size(); ++i) {
    if (i > 0) body += ',';
    append_json_string(body, what.codes[i]);
  }
  body += ']';
  if (!what.field.empty()) {
    body += ",\"field\":";
    append_json_string(body, what.field);
  }
  body += ",\"request_id\":";
  append_json_string(body, request_id);
  body += '}';
  return {what.status, problem_type, std::move(body), {{"cache-control", "no-store"}}};
}

response to_problem(const fault& from, std::string_view request_id) {
  const auto [status, title] = status_of(from.kind);
  const std::vector<std::string_view> codes{from.codes.begin(), from.codes.end()};
  response out = make_problem({status, title, codes, from.detail, from.field}, request_id);
  if (from.retry_after) {
    out.headers.emplace_back("retry-after", std::to_string(from.retry_after->count()));
  }
  if (status == 401) out.headers.emplace_back("www-authenticate", challenge(from));
  return out;
}

}  // namespace cruddur::http
