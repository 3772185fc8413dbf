#include "api/well_known.hpp"

#include "http/problem.hpp"
#include "http/static_files.hpp"

namespace cruddur::api {
namespace {

// Posts end; what an index keeps of them does not. The front page may be found.
constexpr std::string_view robots = "User-agent: *\nAllow: /$\nDisallow: /\n";

task<http::response> show_robots(http::request&) {
  co_return http::response{
      200, "text/plain; charset=utf-8", robots, {{"cache-control", "public, max-age=86400"}}};
}

http::handler redirect(std::string target) {
  return [target = std::move(target)](http::request&) -> task<http::response> {
    http::response out;
    out.status = 302;
    out.body = std::string_view{};
    out.headers.emplace_back("location", target);
    out.headers.emplace_back("cache-control", "no-cache");
    co_return out;
  };
}

}  // namespace

http::handler embedded(const char* path) {
  return [path](http::request& request) -> task<http::response> {
    const auto* file = http::find_file(http::embedded_files(), path);
    if (file != nullptr) co_return http::file_response(*file, request);
    const fault missing{
        fault_kind::not_found, {"not_found"}, "Built without the web client.", {}, {}};
    co_return http::to_problem(missing, request.request_id);
  };
}

std::vector<http::route> well_known_routes(const std::string& client_origin) {
  using enum http::method;
  return {
      {get, "/favicon.ico", embedded("/icon-192.png")},
      {get, "/robots.txt", show_robots},
      // W3C, A Well-Known URL for Changing Passwords.
      {get, "/.well-known/change-password", redirect(client_origin + "/forgot-password")},
  };
}

}  // namespace cruddur::api
