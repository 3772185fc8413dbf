#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/error.hpp>
#include <gtest/gtest.h>

#include "net/connect.hpp"
#include "net/http_client.hpp"
#include "support/hello_server.hpp"
#include "support/silent_listener.hpp"

namespace cruddur::net {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using test::silent_listener;
using namespace std::chrono_literals;

// Whom it reached, or why nobody.
task<attempt<tcp::endpoint>> reach(endpoints all, deadline limit) {
  const auto socket = co_await connect(std::move(all), limit);
  if (!socket) co_return std::unexpected(socket.error());
  co_return socket->remote_endpoint();
}

class connecting : public ::testing::Test {
 protected:
  template <class T>
  T run(task<T> work) {
    return boost::asio::co_spawn(loops_.loop(0), std::move(work), boost::asio::use_future).get();
  }
  tcp::endpoint at(const char* address) const { return {make_address(address), server_.port()}; }

  runtime::event_loops loops_{1};
  testing::hello_server server_;
};

// 127.0.0.2 refuses, 127.0.0.3 never answers, 127.0.0.1 is good.
TEST_F(connecting, tries_all_addresses_each_for_its_part_of_the_time) {
  const silent_listener silent{"127.0.0.3", server_.port()};
  const auto began = std::chrono::steady_clock::now();
  const endpoints all{at("127.0.0.2"), at("127.0.0.3"), at("127.0.0.1")};
  const auto reached = run(reach(all, began + 4s));
  ASSERT_TRUE(reached) << reached.error().message();
  EXPECT_EQ(*reached, at("127.0.0.1"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s) << "the silent one had its part";
}

TEST_F(connecting, gives_the_last_reason_when_none_is_good) {
  const silent_listener silent{"127.0.0.3", server_.port()};
  const auto soon = [] { return std::chrono::steady_clock::now() + 200ms; };
  EXPECT_EQ(run(reach({at("127.0.0.3"), at("127.0.0.2")}, soon())).error(),
            boost::asio::error::connection_refused);
  EXPECT_EQ(run(reach({at("127.0.0.2"), at("127.0.0.3")}, soon())).error(),
            boost::beast::error::timeout);
  EXPECT_TRUE(run(reach({}, soon())).error());
}

TEST_F(connecting, an_http_client_reaches_a_host_by_any_of_its_addresses) {
  const silent_listener silent{"127.0.0.3", server_.port()};
  http_client_options options;
  options.find = [this](std::string host, std::string, deadline) -> task<attempt<endpoints>> {
    EXPECT_EQ(host, "keys.example");
    co_return endpoints{at("127.0.0.2"), at("127.0.0.3"), at("127.0.0.1")};
  };
  const auto client = make_http_client(std::move(options));
  const auto answer = run(
      client->fetch({.url = "http://keys.example:1/hello", .timeout = std::chrono::seconds{6}}));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body, "hello");
}

TEST_F(connecting, finds_addresses_and_says_when_there_are_none) {
  const auto soon = std::chrono::steady_clock::now() + 10s;
  const auto found = run(look_up("127.0.0.1", "80", soon));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (endpoints{{make_address("127.0.0.1"), 80}}));
  EXPECT_FALSE(run(look_up("no-such-host.invalid", "80", soon)));
}

TEST(part_of, divides_what_is_left_among_the_attempts) {
  const auto now = std::chrono::steady_clock::now();
  EXPECT_LE(part_of(now + 10s, 2), std::chrono::steady_clock::now() + 5s);
  EXPECT_GE(part_of(now + 10s, 2), now + 5s);
  EXPECT_EQ(part_of(now + 10s, 1), now + 10s);
  EXPECT_EQ(part_of(now - 1s, 3), now - 1s);
}

}  // namespace
}  // namespace cruddur::net
