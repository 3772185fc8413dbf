#include "api/endpoint.hpp"

#include "http/problem.hpp"

namespace cruddur::api {
namespace {

constexpr std::string_view scheme = "bearer ";

// Authentication schemes are case-insensitive (RFC 9110, section 11.1).
std::string_view bearer_token(std::string_view header) {
  if (header.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return {};
  }
  return header.substr(scheme.size());
}

task<result<std::optional<uuid>>> find_viewer(services& with, const http::request& from, access who,
                                              time_point now) {
  const std::string_view header = from.header("authorization");
  if (header.empty()) {
    if (who == access::anyone) co_return std::nullopt;
    co_return fail(fault_kind::unauthenticated, "unauthenticated", "Please sign in.");
  }
  const std::string_view token = bearer_token(header);
  if (token.empty()) {
    co_return fail(fault_kind::unauthenticated, "token_invalid", "The access token is not good.");
  }
  const auto caller = co_await with.tokens.verify(token, now);
  if (!caller) co_return std::unexpected(caller.error());
  const auto viewer = co_await with.viewers.find(caller->subject);
  if (viewer && !*viewer && who == access::member) {
    co_return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
  }
  co_return viewer;
}

}  // namespace

http::handler make_handler(services& with, access who, endpoint call) {
  return [&with, who, call](http::request& from) -> task<http::response> {
    const time_point now = with.time.now();
    const auto viewer = co_await find_viewer(with, from, who, now);
    if (!viewer) co_return http::to_problem(viewer.error(), from.request_id);
    auto answer = co_await call(with, from, {*viewer, now});
    if (!answer) co_return http::to_problem(answer.error(), from.request_id);
    co_return std::move(*answer);
  };
}

http::response json_response(std::string body, unsigned status) {
  http::response out;
  out.status = status;
  out.content_type = http::json_type;
  out.body = std::move(body);
  out.headers.emplace_back("cache-control", "no-store");  // what it shows expires
  return out;
}

}  // namespace cruddur::api
