#include "main/pool_handlers.hpp"

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

api::pool_handlers make_pool_handlers(user_pool::user_pool& pool, std::string pool_id) {
  const http::handler wire = [&pool](http::request& request) -> task<http::response> {
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
  return {std::move(pool_id), wire, document(pool.jwks()), document(pool.discovery())};
}

}  // namespace cruddur
