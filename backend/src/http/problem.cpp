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
std::string challenge(const fault& fault) {
  for (const auto& code : fault.codes) {
    if (code == "token_invalid" || code == "token_expired") {
      return "Bearer realm=\"cruddur\", error=\"invalid_token\"";
    }
  }
  return "Bearer realm=\"cruddur\"";
}

}  // namespace

response make_problem(const problem& problem, std::string_view request_id) {
  std::string body = "{\"type\":\"about:blank\",\"title\":";
  append_json_string(body, problem.title);
  body += ",\"status\":";
  append_number(body, problem.status);
  body += ",\"detail\":";
  append_json_string(body, problem.detail);
  body += ",\"errors\":[";
  for (std::size_t i = 0; i < problem.codes.size(); ++i) {
    if (i > 0) body += ',';
    append_json_string(body, problem.codes[i]);
  }
  body += ']';
  if (!problem.field.empty()) {
    body += ",\"field\":";
    append_json_string(body, problem.field);
  }
  body += ",\"request_id\":";
  append_json_string(body, request_id);
  body += '}';
  return {problem.status, problem_type, std::move(body), {{"cache-control", "no-store"}}};
}

response to_problem(const fault& fault, std::string_view request_id) {
  const auto [status, title] = status_of(fault.kind);
  const std::vector<std::string_view> codes{fault.codes.begin(), fault.codes.end()};
  response out = make_problem({status, title, codes, fault.detail, fault.field}, request_id);
  if (fault.retry_after) {
    out.headers.emplace_back("retry-after", std::to_string(fault.retry_after->count()));
  }
  if (status == 401) out.headers.emplace_back("www-authenticate", challenge(fault));
  return out;
}

}  // namespace cruddur::http
