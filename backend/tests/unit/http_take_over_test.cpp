// Sockets that handlers take over, and what the shutdown does about them.
#include <atomic>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/upgraded_connection.hpp"
#include "runtime/spawn.hpp"
#include "support/hello_server.hpp"
#include "support/raw_client.hpp"
#include "support/route_server.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;
using cruddur::testing::raw_client;
using cruddur::testing::route_server;
using cruddur::testing::say_hello;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::string_view upgrade =
    "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

// Sends back what comes, to the end of the connection.
task<> echo_all(upgraded_connection taken, bool ends_when_drained) {
  constexpr auto await = asio::as_tuple(asio::use_awaitable);
  if (ends_when_drained) {
    taken.registration->on_drain([&socket = taken.socket] {
      boost::system::error_code ignored;
      socket.close(ignored);
    });
  }
  std::string bytes = std::move(taken.already_read);
  while (taken.socket.is_open()) {
    const auto [failure, sent] = co_await taken.socket.async_send(asio::buffer(bytes), await);
    if (failure) co_return;
    bytes.resize(1024);
    const auto [error, count] = co_await taken.socket.async_receive(asio::buffer(bytes), await);
    if (error) co_return;
    bytes.resize(count);
  }
}

handler take_over(bool ends_when_drained) {
  return [ends_when_drained](request&) -> task<response> {
    response out;
    out.status = 101;
    out.headers.emplace_back("connection", "Upgrade");
    out.headers.emplace_back("upgrade", "echo");
    out.take_over = [ends_when_drained](upgraded_connection taken) {
      const auto executor = taken.socket.get_executor();
      runtime::spawn(executor, echo_all(std::move(taken), ends_when_drained), {});
    };
    co_return out;
  };
}

std::vector<route> socket_routes(bool ends_when_drained) {
  return {{method::get, "/hello", say_hello},
          {method::get, "/socket", take_over(ends_when_drained)}};
}

TEST(http_take_over, gives_a_handler_the_socket_and_what_has_been_read) {
  route_server running{socket_routes(true)};
  raw_client client{running.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + std::string{upgrade} + "early");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  const auto head = client.read_answer(false);
  EXPECT_THAT(head, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(head, HasSubstr("connection: Upgrade\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("content-length")));
  EXPECT_EQ(client.read_bytes(5), "early");
  for (const char* text : {"one", "another"}) {
    client.send(text);
    EXPECT_EQ(client.read_bytes(std::string_view{text}.size()), text);
  }
}

TEST(http_take_over, counts_the_socket_until_it_ends) {
  server_options options;
  options.bounds.connections_per_address = 1;
  route_server running{socket_routes(true), options};
  {
    raw_client client{running.port()};
    client.send(upgrade);
    client.read_answer(false);
    EXPECT_EQ(running.server().open_connections(), 1U);
    raw_client second{running.port()};
    EXPECT_THAT(second.read_answer(), HasSubstr("too_many_connections"));
  }
  for (int i = 0; i < 300 && running.server().open_connections() > 0; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(running.server().open_connections(), 0U);
  raw_client third{running.port()};
  third.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(third.read_answer(), EndsWith("hello"));
}

std::chrono::steady_clock::duration time_of_shutdown(bool ends_when_drained,
                                                     std::chrono::milliseconds deadline) {
  route_server running{socket_routes(ends_when_drained)};
  raw_client first{running.port()};
  raw_client second{running.port()};
  for (raw_client* each : {&first, &second}) {
    each->send(upgrade);
    each->read_answer(false);
  }
  const auto begin = std::chrono::steady_clock::now();
  running.server().shutdown(deadline);
  const auto out = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(running.server().open_connections(), ends_when_drained ? 0U : 2U);
  return out;
}

TEST(http_take_over, tells_the_sockets_of_the_shutdown_and_waits_for_them) {
  EXPECT_LT(time_of_shutdown(true, 30s), 10s);
}

TEST(http_take_over, waits_no_longer_than_the_deadline_for_a_socket_that_ignores_it) {
  const auto took = time_of_shutdown(false, 300ms);
  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, 1s) << "nor the time in which closed connections unwind";
}

class empty_source final : public body_source {
 public:
  std::uint64_t size() const override { return 0; }
  task<result<std::size_t>> read(std::span<char>) override { co_return 0; }
};

TEST(http_take_over, is_refused_with_a_body_from_a_source) {
  std::string reason;
  server_options options;
  options.on_exception = [&](std::string_view text, std::string_view) { reason = text; };
  const handler both = [](request& request) -> task<response> {
    response out = co_await take_over(false)(request);
    out.body = std::make_unique<empty_source>();
    co_return out;
  };
  route_server running{{{method::get, "/socket", both}, {method::get, "/hello", say_hello}},
                       options};
  raw_client client{running.port()};
  client.send(std::string{upgrade} + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_THAT(reason, HasSubstr("body from a source"));
}

}  // namespace
}  // namespace cruddur::http
