#include "api/well_known.hpp"

#include "http/problem.hpp"
#include "http/static_files.hpp"

namespace cruddur::api {
namespace {

// Posts end; what an index keeps of them does not. The front page may be found.
constexpr std::string_view robots = "User-agent: *\nAllow: /$\nDisallow: /\n";

http::response embedded(std::string_view path, const http::request& request) {
  const auto* file = http::find_file(http::embedded_files(), path);
  if (file != nullptr) return http::file_response(*file, request);
  const fault missing{
      fault_kind::not_found, {"not_found"}, "Built without the web client.", {}, {}};
  return http::to_problem(missing, request.request_id);
}

}  // namespace

task<http::response> show_icon(system_services&, http::request& request) {
  co_return embedded("/icon-192.png", request);
}

task<http::response> show_robots(system_services&, http::request&) {
  http::response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = robots;
  out.headers.emplace_back("cache-control", "public, max-age=86400");
  co_return out;
}

task<http::response> lead_to_password_change(system_services& services, http::request&) {
  http::response out;
  out.status = 302;
  out.body = std::string_view{};
  out.headers.emplace_back("location", services.client.frontend_url + "/forgot-password");
  out.headers.emplace_back("cache-control", "no-cache");
  co_return out;
}

task<http::response> show_openapi(system_services&, http::request& request) {
  co_return embedded("/openapi.json", request);
}

task<http::response> show_api_docs(system_services&, http::request& request) {
  co_return embedded("/docs.html", request);
}

task<http::response> show_api_docs_style(system_services&, http::request& request) {
  co_return embedded("/docs.css", request);
}

}  // namespace cruddur::api
