// What a route decides before the body of its request is read.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "support/hello_server.hpp"
#include "support/raw_client.hpp"
#include "support/route_server.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::echo;
using cruddur::testing::raw_client;
using cruddur::testing::route_server;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

task<std::optional<response>> refuse_all(request& request) {
  co_return to_problem(make_fault(fault_kind::unauthenticated, "unauthenticated", "Sign in."),
                       request.request_id);
}

std::vector<route> guarded_routes(std::atomic<int>& calls) {
  const handler count = [&calls](request& request) -> task<response> {
    ++calls;
    return echo(request);
  };
  return {{method::post, "/guarded", count, refuse_all},
          {method::get, "/guarded", count, refuse_all},
          {method::post, "/small", echo, {}, 10},
          {method::post, "/large", echo, {}, 200'000},
          {method::post, "/echo", echo}};
}

// The clients below send a head that announces a body, and never the body.
TEST(http_seams, answers_by_the_head_alone_what_nobody_may_send) {
  std::atomic<int> calls = 0;
  route_server running{guarded_routes(calls)};
  const auto ask = [&](std::string_view line, std::string_view framing) {
    raw_client client{running.port()};
    client.send(std::string{line} + " HTTP/1.1\r\nHost: a\r\n" + std::string{framing} + "\r\n\r\n");
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = client.read_answer();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2}) << line;
    EXPECT_THAT(answer, HasSubstr("connection: close\r\n")) << line;
    return answer;
  };
  for (const char* framing : {"Content-Length: 60000", "Transfer-Encoding: chunked",
                              "Content-Length: 60000\r\nExpect: 100-continue"}) {
    EXPECT_THAT(ask("POST /guarded", framing), StartsWith("HTTP/1.1 401 ")) << framing;
    EXPECT_THAT(ask("POST /nowhere", framing), StartsWith("HTTP/1.1 404 ")) << framing;
    EXPECT_THAT(ask("DELETE /guarded", framing), StartsWith("HTTP/1.1 405 ")) << framing;
  }
  EXPECT_THAT(ask("POST /nowhere", "Content-Length: 99999999999"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST /echo", "Content-Length: 65537"), StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(calls, 0);
}

TEST(http_seams, keeps_the_connection_when_an_unwanted_body_has_come_whole) {
  std::atomic<int> calls = 0;
  route_server running{guarded_routes(calls)};
  raw_client client{running.port()};
  const std::string body = "Content-Length: 5\r\n\r\nhello";
  client.send("POST /guarded HTTP/1.1\r\nHost: a\r\n" + body +
              "POST /nowhere HTTP/1.1\r\nHost: a\r\n" + body +
              "POST /echo HTTP/1.1\r\nHost: a\r\n" + body);
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 404 "));
  const auto last = client.read_answer();
  EXPECT_THAT(last, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(last, EndsWith("\n\nhello"));
}

TEST(http_seams, leaves_a_request_without_a_body_to_its_handler) {
  std::atomic<int> calls = 0;
  route_server running{guarded_routes(calls)};
  raw_client client{running.port()};
  client.send("GET /guarded HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(calls, 1);
}

TEST(http_seams, bounds_a_body_by_its_route) {
  std::atomic<int> calls = 0;
  route_server running{guarded_routes(calls)};
  const auto status_of = [&](std::string_view path, const std::string& framed_body) {
    raw_client client{running.port()};
    client.send("POST " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + framed_body);
    return client.read_answer().substr(9, 3);
  };
  const auto sized = [](std::size_t count) {
    return "Content-Length: " + std::to_string(count) + "\r\n\r\n" + std::string(count, 'x');
  };
  EXPECT_EQ(status_of("/small", sized(10)), "200");
  EXPECT_EQ(status_of("/small", sized(11)), "413");
  EXPECT_EQ(status_of("/small", "Transfer-Encoding: chunked\r\n\r\nb\r\n"), "413");
  EXPECT_EQ(status_of("/large", sized(200'000)), "200");
  EXPECT_EQ(status_of("/large", sized(200'001)), "413");
  EXPECT_EQ(status_of("/echo", sized(65'537)), "413");
}

TEST(http_seams, turns_an_exception_of_the_access_check_into_a_500) {
  const access_check fail = [](request&) -> task<std::optional<response>> {
    throw std::runtime_error("secret reason");
    co_return std::nullopt;
  };
  route_server running{{{method::post, "/echo", echo, fail}}};
  raw_client client{running.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
  const auto answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace cruddur::http
