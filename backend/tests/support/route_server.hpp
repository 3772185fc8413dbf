// A server with the routes that a test gives it.
#pragma once

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "http/router.hpp"
#include "http/server.hpp"
#include "runtime/event_loops.hpp"

namespace cruddur::testing {

class route_server {
 public:
  explicit route_server(std::vector<http::route> routes, http::server_options options = {}) {
    options.port = 0;
    auto table = std::make_shared<http::router>(std::move(routes));
    auto started = http::server::start(std::move(options), std::move(table), time_, loops_);
    if (!started) throw std::runtime_error(started.error().detail);
    server_ = std::move(*started);
  }

  std::uint16_t port() const { return server_->port(); }
  http::server& server() { return *server_; }

 private:
  movable_clock time_;
  runtime::event_loops loops_{2};
  std::unique_ptr<http::server> server_;
};

}  // namespace cruddur::testing
