#include "http/server.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <netinet/tcp.h>

#include "http/loop_listener.hpp"
#include "http/server_core.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using unsent_low_water = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;

constexpr int backlog = 4096;
// How long a hard close may take to unwind what waits.
constexpr std::chrono::milliseconds unwind_time{1000};

tcp::endpoint resolve(asio::io_context& loop, const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) return {address, port};
  tcp::resolver resolver{loop};
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
  return found.begin()->endpoint();
}

stream_acceptor listen(asio::io_context& loop, const tcp::endpoint& endpoint, bool is_first,
                       const limits& bounds) {
  stream_acceptor out{loop.get_executor()};
  out.open(endpoint.protocol());
  out.set_option(asio::socket_base::reuse_address(true));
  if (endpoint.address().is_v6()) out.set_option(asio::ip::v6_only(false));
  // Bound without SO_REUSEPORT the first one fails when another program has the port; with it, both
  // would share the clients.
  if (!is_first) out.set_option(reuse_port(true));
  out.bind(endpoint);
  out.set_option(reuse_port(true));
  // Accepted sockets inherit these.
  out.set_option(tcp::no_delay(true));
  out.set_option(asio::socket_base::send_buffer_size{bounds.send_buffer_bytes});
  out.set_option(unsent_low_water{bounds.unsent_bytes});
  out.listen(backlog);
  return out;
}

}  // namespace

struct server::state {
  std::shared_ptr<server_core> core;
  std::vector<std::pair<asio::any_io_executor, std::shared_ptr<loop_listener>>> listeners;
  std::uint16_t port = 0;
  bool ended = false;

  template <class F>
  void on_each_loop(F action) {
    for (const auto& [executor, listener] : listeners) {
      asio::post(executor, [listener, action] { action(*listener); });
    }
  }

  void wait_until_empty(std::chrono::milliseconds timeout) {
    std::unique_lock lock{core->mutex};
    core->closed.wait_for(lock, timeout, [this] { return core->open == 0; });
  }

  // Sockets that were taken over end with their loops at the latest.
  void wait_for_connections(std::chrono::milliseconds timeout) {
    std::unique_lock lock{core->mutex};
    core->closed.wait_for(lock, timeout, [this] { return core->open == core->taken_over; });
  }
};

result<std::unique_ptr<server>> server::start(server_options options,
                                              std::shared_ptr<const router> routes,
                                              const clock& time, runtime::event_loops& loops) {
  auto out = std::make_unique<state>();
  out->core = std::make_shared<server_core>(std::move(options), std::move(routes), time);
  const std::string& host = out->core->options.host;
  std::uint16_t port = out->core->options.port;
  try {
    tcp::endpoint endpoint = resolve(loops.loop(0), host, port);
    for (std::size_t i = 0; i < loops.size(); ++i) {
      auto acceptor = listen(loops.loop(i), endpoint, i == 0, out->core->options.bounds);
      endpoint = acceptor.local_endpoint();
      out->listeners.emplace_back(
          loops.loop(i).get_executor(),
          std::make_shared<loop_listener>(out->core, loops.loop(i), std::move(acceptor)));
    }
    out->port = endpoint.port();
  } catch (const boost::system::system_error& error) {
    const auto code = error.code();
    std::string reason = code.message();
    if (code == asio::error::address_in_use) reason = "another program is using it";
    if (code == asio::error::access_denied)
      reason = "this user may not; ports below 1024 need root";
    return fail(fault_kind::unavailable, "listen_failed",
                fmt::format("Can't listen on {} port {}: {}.", host, port, reason));
  }
  out->on_each_loop([](loop_listener& each) { each.start(); });
  return std::unique_ptr<server>{new server{std::move(out)}};
}

server::server(std::unique_ptr<state> state) : state_{std::move(state)} {}

server::~server() {
  shutdown(std::chrono::milliseconds{0});
}

std::uint16_t server::port() const {
  return state_->port;
}

std::size_t server::open_connections() const {
  return state_->core->open;
}

std::uint64_t server::turned_away() const {
  return state_->core->turned_away;
}

void server::shutdown(std::chrono::milliseconds deadline) {
  if (std::exchange(state_->ended, true)) return;
  state_->core->draining = true;
  state_->on_each_loop([](loop_listener& each) { each.drain(); });
  state_->wait_until_empty(deadline);
  state_->on_each_loop([](loop_listener& each) { each.close_all(); });
  state_->wait_for_connections(unwind_time);
  state_->on_each_loop([](loop_listener& each) { each.stop(); });
}

}  // namespace cruddur::http
