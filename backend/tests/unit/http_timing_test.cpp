// Deadlines, the connection limit and the end of the server.
#include <array>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/write_pace.hpp"
#include "support/hello_server.hpp"
#include "support/raw_client.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using cruddur::testing::raw_client;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::string_view hello_request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view slow_request = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

server_options with(limits bounds) {
  server_options out;
  out.bounds = bounds;
  return out;
}

template <class F>
bool becomes_true(F condition) {
  for (int i = 0; i < 300; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(http_timing, ends_a_connection_that_stays_idle) {
  hello_server running{with({.idle_timeout = 100ms})};
  raw_client client{running.port()};
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.is_closed());
}

TEST(http_timing, answers_408_when_headers_come_too_slowly) {
  hello_server running{with({.header_timeout = 300ms})};
  raw_client client{running.port()};
  client.send("GET /hello HTTP/1.1\r\n");
  // Bytes that keep coming buy no time.
  std::jthread trickle{[&](const std::stop_token& stop) {
    for (int i = 0; i < 30 && !stop.stop_requested() && client.send("X-A: b\r\n"); ++i) {
      std::this_thread::sleep_for(100ms);
    }
  }};
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 408 "));
}

TEST(http_timing, answers_408_when_a_body_comes_too_slowly) {
  hello_server running{with({.body_timeout = 200ms})};
  for (const char* framing : {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
    raw_client client{running.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{framing} + "\r\n\r\n1");
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 ")) << framing;
  }
}

TEST(http_timing, drops_a_client_that_does_not_read) {
  hello_server running{with({.write_timeout = 200ms})};
  raw_client client{running.port()};
  client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(becomes_true([&] { return running.server().open_connections() == 1; }));
  EXPECT_TRUE(becomes_true([&] { return running.server().open_connections() == 0; }));
}

TEST(write_pace, waits_anew_for_a_client_that_reads_but_not_without_end) {
  const write_pace pace{20s, 1024, 5'000, 64 * 1024};
  EXPECT_EQ(pace.deadline(5'000), 25'000);
  EXPECT_EQ(pace.deadline(24'999), 44'999);
  EXPECT_EQ(pace.deadline(69'000), 89'000) << "20 s, and 64 for the bytes";
  EXPECT_EQ(pace.deadline(88'999), 89'000);
}

TEST(http_timing, drops_a_client_that_reads_a_little_again_and_again) {
  hello_server running{with({.write_timeout = 1s, .least_write_rate = 1024 * 1024 * 1024})};
  raw_client client{running.port()};
  client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
  std::array<char, 64 * 1024> some{};
  std::size_t total = 0;
  for (;;) {
    boost::system::error_code error;
    const std::size_t count = client.socket().read_some(boost::asio::buffer(some), error);
    if (error) break;
    total += count;
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_GT(total, 0U);
  EXPECT_LT(total, 8U * 1024 * 1024);
}

TEST(http_timing, answers_503_in_place_of_a_handler_that_takes_too_long) {
  hello_server running{with({.handler_timeout = 200ms})};
  raw_client client{running.port()};
  // The first answer waits in the queue while the second is made.
  client.send(std::string{hello_request} + std::string{slow_request});
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  const auto answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("handler_timeout"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(becomes_true([&] { return running.server().open_connections() == 0; }));
}

TEST(http_timing, turns_away_connections_beyond_the_limit) {
  hello_server running{with({.connections = 2})};
  raw_client first{running.port()};
  raw_client second{running.port()};
  for (auto* each : {&first, &second}) {
    each->send(hello_request);
    EXPECT_THAT(each->read_answer(), EndsWith("hello"));
  }
  raw_client third{running.port()};
  const auto answer = third.read_to_end();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, EndsWith("\"errors\":[\"too_many_connections\"]}"));
  const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
  EXPECT_THAT(answer, HasSubstr("content-length: " + std::to_string(body.size()) + "\r\n"));
  first.socket().close();
  EXPECT_TRUE(becomes_true([&] {
    raw_client again{running.port()};
    again.send(hello_request);
    return again.read_answer().ends_with("hello");
  }));
}

TEST(http_timing, ends_a_new_connection_that_says_nothing_by_the_clock_of_headers) {
  hello_server running{with({.header_timeout = 100ms})};
  raw_client silent{running.port()};
  raw_client blank{running.port()};
  blank.send("\r\n");
  EXPECT_EQ(silent.read_to_end(), "");
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(blank.read_to_end(), "");
  EXPECT_TRUE(blank.is_closed());
}

TEST(http_timing, a_connection_stays_idle_after_an_answer_without_a_handler) {
  hello_server running{with({.header_timeout = 300ms})};
  raw_client client{running.port()};
  client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 404 "));
  client.wait_at_most(1s);
  EXPECT_FALSE(client.is_closed());
  client.send(hello_request);
  client.wait_at_most(10s);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(http_timing, turns_away_one_address_beyond_its_limit_and_nobody_else) {
  hello_server running{with({.connections_per_address = 2})};
  raw_client first{running.port()};
  raw_client second{running.port()};
  for (auto* each : {&first, &second}) {
    each->send(hello_request);
    EXPECT_THAT(each->read_answer(), EndsWith("hello"));
  }
  raw_client third{running.port()};
  EXPECT_THAT(third.read_to_end(), EndsWith("\"errors\":[\"too_many_connections\"]}"));
  EXPECT_EQ(running.server().turned_away(), 1U);
  raw_client other{running.port(), "127.0.0.2"};
  other.send(hello_request);
  EXPECT_THAT(other.read_answer(), EndsWith("hello"));
  first.socket().close();
  EXPECT_TRUE(becomes_true([&] {
    raw_client again{running.port()};
    again.send(hello_request);
    return again.read_answer().ends_with("hello");
  }));
}

TEST(http_timing, counts_no_connections_of_a_trusted_proxy) {
  auto options = with({.connections_per_address = 1});
  options.trusted_proxies = {*address_block::parse("127.0.0.1")};
  hello_server running{std::move(options)};
  raw_client first{running.port()};
  raw_client second{running.port()};
  for (auto* each : {&first, &second}) {
    each->send(hello_request);
    EXPECT_THAT(each->read_answer(), EndsWith("hello"));
  }
}

TEST(http_timing, answers_others_while_pipeliners_that_read_nothing_fill_their_buffers) {
  hello_server running;
  std::string many;
  for (int i = 0; i < 500; ++i) many += "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
  std::vector<std::unique_ptr<raw_client>> crowd;
  for (int i = 0; i < 30; ++i) {
    crowd.push_back(std::make_unique<raw_client>(running.port()));
    crowd.back()->send(many);
  }
  raw_client client{running.port()};
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  for (int i = 0; i < 500; ++i) {
    EXPECT_THAT(crowd.front()->read_answer(), EndsWith("xxx")) << i;
  }
}

TEST(http_timing, shutdown_lets_a_request_finish_and_ends_idle_connections) {
  hello_server running;
  raw_client idle{running.port()};
  idle.send(hello_request);
  EXPECT_THAT(idle.read_answer(), EndsWith("hello"));
  raw_client busy{running.port()};
  busy.send(slow_request);
  ASSERT_TRUE(becomes_true([&] { return running.server().open_connections() == 2; }));
  std::this_thread::sleep_for(50ms);

  const auto began = std::chrono::steady_clock::now();
  auto end = std::async(std::launch::async, [&] { running.server().shutdown(10s); });
  EXPECT_TRUE(idle.is_closed());
  const auto answer = busy.read_answer();
  EXPECT_THAT(answer, EndsWith("late"));
  EXPECT_THAT(answer, HasSubstr("connection: close\r\n"));
  end.get();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_EQ(running.server().open_connections(), 0U);
  EXPECT_THROW(raw_client{running.port()}, boost::system::system_error);
}

TEST(http_timing, shutdown_ends_what_does_not_finish_by_the_deadline) {
  hello_server running;
  raw_client slow{running.port()};
  slow.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1");
  ASSERT_TRUE(becomes_true([&] { return running.server().open_connections() == 1; }));
  running.server().shutdown(100ms);
  EXPECT_TRUE(slow.is_closed());
  EXPECT_EQ(running.server().open_connections(), 0U);
}

TEST(http_timing, the_loops_may_stop_while_a_handler_waits) {
  raw_client* client = nullptr;
  {
    hello_server running;
    client = new raw_client{running.port()};
    client->send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(client->is_closed());
  delete client;
}

TEST(http_timing, many_clients_are_served_at_once) {
  hello_server running;
  std::vector<std::jthread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10; ++j) {
        raw_client client{running.port()};
        for (int k = 0; k < 10; ++k) {
          client.send(hello_request);
          if (client.read_answer().ends_with("hello")) ++good;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(good, 800);
}

}  // namespace
}  // namespace cruddur::http
