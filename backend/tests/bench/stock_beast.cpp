// An HTTP server as Boost.Beast's documentation would have it, without any tuning: the peer of our
// own connection code in bin/bench p1. Usage: stock_beast PORT FILE
//
// Answers every request with the file, which is in memory. Each processor has a thread with its own
// io_context and its own listening socket; each connection is a coroutine over a tcp_stream.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <sys/socket.h>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::chrono::seconds timeout{30};
constexpr auto await = asio::as_tuple(asio::deferred);

asio::awaitable<void> serve(tcp::socket socket, const std::string& content) {
  beast::tcp_stream stream{std::move(socket)};
  beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    stream.expires_after(timeout);
    if (const auto [error, _] = co_await http::async_read(stream, buffer, request, await); error) {
      co_return;
    }
    http::response<http::string_body> answer{http::status::ok, request.version()};
    answer.set(http::field::content_type, "application/json");
    answer.keep_alive(request.keep_alive());
    answer.body() = content;
    answer.prepare_payload();
    stream.expires_after(timeout);
    if (const auto [error, _] = co_await http::async_write(stream, answer, await); error) co_return;
    if (!answer.keep_alive()) co_return;
  }
}

asio::awaitable<void> listen(asio::io_context& loop, tcp::endpoint address,
                             const std::string& content) {
  tcp::acceptor acceptor{loop, address.protocol()};
  acceptor.set_option(tcp::acceptor::reuse_address{true});
  acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>{true});
  acceptor.bind(address);
  acceptor.listen();
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(loop, serve(std::move(socket), content), asio::detached);
  }
}

void fail(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: stock_beast PORT FILE\n";
    return 2;
  }
  const auto port = static_cast<asio::ip::port_type>(std::strtoul(arguments[1], nullptr, 10));
  std::ifstream file{arguments[2], std::ios::binary};
  const std::string content{std::istreambuf_iterator<char>{file}, {}};
  std::vector<std::unique_ptr<asio::io_context>> loops;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    asio::io_context& loop = *loops.emplace_back(std::make_unique<asio::io_context>(1));
    asio::co_spawn(loop, listen(loop, {asio::ip::address_v4::loopback(), port}, content), fail);
  }
  std::vector<std::jthread> threads;
  for (const auto& loop : loops) threads.emplace_back([&loop] { loop->run(); });
}
