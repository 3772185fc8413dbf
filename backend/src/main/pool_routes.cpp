#include "main/pool_routes.hpp"

namespace cruddur {
namespace {

http::handler document(std::string text) {
  const auto body = std::make_shared<const std::string>(std::move(text));
  return [body](http::request&) -> task<http::response> {
    http::response out;
    out.content_type = http::json_type;
    out.body = body;
    out.headers.emplace_back("cache-control", "public, max-age=300");
    co_return out;
  };
}

}  // namespace

std::vector<http::route> pool_routes(user_pool::user_pool& pool, const std::string& pool_id) {
  using enum http::method;
  const http::handler answer = [&pool](http::request& request) -> task<http::response> {
    auto answered = co_await pool.answer(
        std::string{request.header("x-amz-target")}, std::string{request.body},
        std::string{request.remote_address}, std::string{request.header("cookie")});
    http::response out;
    out.status = answered.status;
    out.content_type = user_pool::wire_content_type;
    out.body = std::move(answered.body);
    out.headers = std::move(answered.headers);
    out.headers.emplace_back("cache-control", "no-store");
    co_return out;
  };
  return {
      {post, "/cognito-idp/", answer},
      {get, "/" + pool_id + "/.well-known/jwks.json", document(pool.jwks())},
      {get, "/" + pool_id + "/.well-known/openid-configuration", document(pool.discovery())},
  };
}

}  // namespace cruddur
