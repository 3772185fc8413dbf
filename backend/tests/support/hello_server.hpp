// A server with a few small routes, for tests of the HTTP layer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/router.hpp"
#include "http/server.hpp"
#include "runtime/event_loops.hpp"

namespace cruddur::testing {

inline task<http::response> say_hello(http::request&) {
  co_return http::response{200, "text/plain; charset=utf-8", std::string{"hello"}, {}};
}

// What the handler was given, for checking from outside.
inline task<http::response> echo(http::request& from) {
  std::string text{http::to_string(from.verb)};
  text += ' ';
  text += from.path;
  text += "?";
  text += from.query;
  text += "\nfrom ";
  text += from.remote_address;
  text += "\n";
  for (const auto& [name, value] : from.headers) {
    text += std::string{name} + "=" + std::string{value} + "\n";
  }
  text += "\n";
  text += from.body;
  co_return http::response{200, "text/plain; charset=utf-8", std::move(text), {}};
}

inline task<http::response> tagged(http::request&) {
  http::response out{200, http::json_type, std::string{"{}"}, {}};
  out.headers.emplace_back("etag", "\"v1\"");
  co_return out;
}

inline task<http::response> fail_badly(http::request&) {
  throw std::runtime_error("secret reason");
  co_return http::response{};
}

inline task<http::response> wait_a_second(http::request&) {
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor,
                                  std::chrono::seconds{1}};
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return http::response{200, "text/plain; charset=utf-8", std::string{"late"}, {}};
}

inline task<http::response> page(http::request&) {
  co_return http::response{200, "text/html; charset=utf-8", std::string{"<p>page</p>"}, {}};
}

class hello_server {
 public:
  explicit hello_server(http::server_options options = {}) {
    const auto big = std::make_shared<const std::string>(8 * 1024, 'x');
    const auto huge = std::make_shared<const std::string>(8 * 1024 * 1024, 'y');
    auto serve = [](auto body) {
      return [body](http::request&) -> task<http::response> {
        co_return http::response{200, "application/octet-stream", body, {}};
      };
    };
    constexpr auto get = http::method::get;
    constexpr auto post = http::method::post;
    auto table = std::make_shared<http::router>(std::vector<http::route>{
        {get, "/hello", say_hello},
        {get, "/echo", echo},
        {post, "/echo", echo},
        {get, "/echo/{name}", echo},
        {get, "/tagged", tagged},
        {get, "/fail", fail_badly},
        {get, "/slow", wait_a_second},
        {get, "/page", page},
        {get, "/big", serve(big)},
        {get, "/huge", serve(huge)},
    });
    options.host = "127.0.0.1";
    options.port = 0;
    auto started = http::server::start(std::move(options), std::move(table), time_, loops_);
    if (!started) throw std::runtime_error(started.error().detail);
    server_ = std::move(*started);
  }

  std::uint16_t port() const { return server_->port(); }
  http::server& server() { return *server_; }
  movable_clock& time() { return time_; }

 private:
  movable_clock time_;
  runtime::event_loops loops_{2};
  std::unique_ptr<http::server> server_;
};

}  // namespace cruddur::testing
