#include "http/built_in_answers.hpp"

#include <string>

#include "http/problem.hpp"

namespace cruddur::http {
namespace {

response answer_options(const server_core& core, const request& request, const std::string& allow) {
  response out{204, {}, std::string{}, {}};
  out.headers.emplace_back("allow", allow);
  if (request.header("access-control-request-method").empty()) return out;
  if (!core.cors.allows(request.header("origin"))) {
    return to_problem(make_fault(fault_kind::forbidden, "origin_forbidden",
                                 "Pages of this origin may not call this server."),
                      request.request_id);
  }
  out.headers.emplace_back("access-control-allow-methods", allow);
  out.headers.emplace_back("access-control-allow-headers", cors_policy::allow_headers);
  out.headers.emplace_back("access-control-max-age", cors_policy::max_age_seconds);
  return out;
}

response method_not_allowed(const request& request, const std::string& allow) {
  constexpr std::string_view codes[] = {"method_not_allowed"};
  response out =
      make_problem({405, "Method Not Allowed", codes, "This path does not have that method.", {}},
                   request.request_id);
  out.headers.emplace_back("allow", allow);
  return out;
}

}  // namespace

std::optional<response> built_in_answer(const server_core& core, const request& request,
                                        const router::match& match) {
  if (match.handle) return std::nullopt;
  const bool has_fallback = static_cast<bool>(core.options.fallback);
  if (request.verb == method::options) {
    if (!match.allow.empty()) return answer_options(core, request, match.allow);
    if (request.path == "*" || has_fallback) {
      return answer_options(core, request, "GET, HEAD, OPTIONS");
    }
  }
  if (!match.allow.empty()) return method_not_allowed(request, match.allow);
  const bool is_read = request.verb == method::get || request.verb == method::head;
  if (is_read && has_fallback) return std::nullopt;
  return to_problem(make_fault(fault_kind::not_found, "path_not_found", "Nothing is at this path."),
                    request.request_id);
}

response internal_error(std::string_view request_id) {
  constexpr std::string_view codes[] = {"internal_error"};
  return make_problem({500,
                       "Internal Server Error",
                       codes,
                       "Something went wrong on the server. It has been noted.",
                       {}},
                      request_id);
}

}  // namespace cruddur::http
