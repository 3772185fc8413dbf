#include "net/connect.hpp"

#include <algorithm>
#include <memory>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace cruddur::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr auto await = asio::as_tuple(asio::use_awaitable);

// A lookup in progress can't be interrupted, so its outcome is shared with whoever waits for it.
struct shared_lookup {
  explicit shared_lookup(const asio::any_io_executor& loop) : resolver{loop}, deadline{loop} {}
  tcp::resolver resolver;
  asio::steady_timer deadline;
  error_code error = beast::error::timeout;
  tcp::resolver::results_type found;
};

}  // namespace

task<attempt<endpoints>> look_up(std::string host, std::string port, deadline limit) {
  const auto shared = std::make_shared<shared_lookup>(co_await asio::this_coro::executor);
  shared->deadline.expires_at(limit);
  shared->resolver.async_resolve(host, port,
                                 [shared](error_code error, tcp::resolver::results_type found) {
                                   shared->error = error;
                                   shared->found = std::move(found);
                                   shared->deadline.cancel();
                                 });
  co_await shared->deadline.async_wait(await);
  endpoints out;
  for (const auto& each : shared->found) {
    // Names in several of the system's sources come several times.
    if (std::ranges::find(out, each.endpoint()) == out.end()) out.push_back(each.endpoint());
  }
  if (!shared->error && out.empty()) shared->error = asio::error::host_not_found;
  if (shared->error) co_return std::unexpected(shared->error);
  co_return out;
}

deadline part_of(deadline limit, std::size_t left) {
  const auto now = std::chrono::steady_clock::now();
  if (left <= 1 || limit <= now) return limit;
  return now + (limit - now) / static_cast<std::chrono::steady_clock::rep>(left);
}

task<attempt<tcp::socket>> connect(endpoints addresses, deadline limit) {
  error_code last = asio::error::host_not_found;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    beast::tcp_stream stream{co_await asio::this_coro::executor};
    stream.expires_at(part_of(limit, addresses.size() - i));
    const auto [error] = co_await stream.async_connect(addresses[i], await);
    if (!error) co_return stream.release_socket();
    last = error;
  }
  co_return std::unexpected(last);
}

}  // namespace cruddur::net
