#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hello_server.hpp"
#include "support/raw_client.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using cruddur::testing::raw_client;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::string_view hello_request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

std::string ask(const hello_server& running, std::string_view bytes, bool expect_body = true) {
  raw_client client{running.port()};
  client.send(bytes);
  return client.read_answer(expect_body);
}

std::string header_of(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "(absent)";
  const auto begin = at + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

TEST(http_server, answers_with_security_headers_and_times) {
  hello_server running;
  running.time().advance(24h);
  const auto answer = ask(running, hello_request);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhello"));
  EXPECT_EQ(header_of(answer, "content-length"), "5");
  EXPECT_EQ(header_of(answer, "x-content-type-options"), "nosniff");
  EXPECT_EQ(header_of(answer, "referrer-policy"), "strict-origin-when-cross-origin");
  EXPECT_EQ(header_of(answer, "cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(header_of(answer, "strict-transport-security"), "(absent)");
  EXPECT_EQ(header_of(answer, "connection"), "(absent)");
  EXPECT_EQ(header_of(answer, "x-request-id").size(), 16U);
  EXPECT_THAT(header_of(answer, "date"), EndsWith(" GMT"));
  const auto server_ms = std::stoll(header_of(answer, "x-server-time"));
  EXPECT_NEAR(static_cast<double>(server_ms), static_cast<double>(to_unix_ms(running.time().now())),
              5000.0);
}

TEST(http_server, gives_pages_a_policy_and_says_hsts_when_told_to) {
  hello_server running{{.strict_transport_security = transport_security::this_host,
                        .content_security_policy = "default-src 'self'; frame-ancestors 'none'"}};
  const auto page = ask(running, "GET /page HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(header_of(page, "content-security-policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(header_of(page, "x-frame-options"), "DENY");
  EXPECT_THAT(header_of(page, "strict-transport-security"), HasSubstr("max-age="));
  EXPECT_EQ(header_of(ask(running, hello_request), "content-security-policy"), "(absent)");
}

TEST(http_server, keeps_the_connection_for_further_requests) {
  hello_server running;
  raw_client client{running.port()};
  for (int i = 0; i < 5; ++i) {
    client.send(hello_request);
    EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  }
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(header_of(client.read_answer(), "connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(http_server, serves_http_1_0) {
  hello_server running;
  raw_client client{running.port()};
  client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(header_of(client.read_answer(), "connection"), "keep-alive");
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_to_end(), EndsWith("hello"));
}

TEST(http_server, answers_a_hundred_pipelined_requests_in_order) {
  hello_server running;
  raw_client client{running.port()};
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += i % 3 == 0 ? "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
                      : "POST /echo?" + std::to_string(i) +
                            " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    const auto answer = client.read_answer();
    if (i % 3 == 0) {
      EXPECT_EQ(header_of(answer, "content-length"), "8192");
    } else {
      EXPECT_THAT(answer, HasSubstr("POST /echo?" + std::to_string(i) + "\n"));
      EXPECT_THAT(answer, EndsWith("\n\nabc"));
    }
  }
}

TEST(http_server, takes_a_request_in_single_bytes) {
  hello_server running;
  raw_client client{running.port()};
  const std::string_view bytes =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nTrailer: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: "
      "a\r\n\r\n";
  for (const char& each : bytes) client.send({&each, 1});
  EXPECT_THAT(client.read_answer(), EndsWith("\n\nabcde"));
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(http_server, takes_a_chunked_body_with_the_next_request_behind_it) {
  hello_server running;
  raw_client client{running.port()};
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
      "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("\n\nhello"));
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nhello"));
}

TEST(http_server, takes_a_body_larger_than_its_buffer) {
  hello_server running;
  raw_client client{running.port()};
  const std::string body(60'000, 'z');
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body);
  EXPECT_THAT(client.read_answer(), EndsWith("\n\n" + body));
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(http_server, asks_for_the_body_when_the_client_expects_that) {
  hello_server running;
  raw_client client{running.port()};
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(false), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_THAT(client.read_answer(), EndsWith("\n\nok"));
}

TEST(http_server, answers_head_without_a_body) {
  hello_server running;
  raw_client client{running.port()};
  client.send("HEAD /big HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.read_answer(false);
  EXPECT_EQ(header_of(answer, "content-length"), "8192");
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 OK"));
}

TEST(http_server, sends_a_large_answer_to_a_reader_that_is_slow) {
  hello_server running;
  raw_client client{running.port()};
  client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(100ms);
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 8U * 1024 * 1024);
}

TEST(http_server, answers_304_for_a_known_etag) {
  hello_server running;
  for (const char* tags : {"\"v1\"", "W/\"v1\"", "\"a,b\", \"v1\"", "*"}) {
    const auto answer =
        ask(running,
            "GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + std::string{tags} + "\r\n\r\n",
            false);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 304 Not Modified\r\n")) << tags;
    EXPECT_EQ(header_of(answer, "etag"), "\"v1\"");
    EXPECT_EQ(header_of(answer, "content-length"), "(absent)");
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
  }
  EXPECT_THAT(ask(running, "GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"v2\"\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST(http_server, says_which_methods_a_path_has) {
  hello_server running;
  const auto answer = ask(running, "DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(header_of(answer, "allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_THAT(answer, HasSubstr("\"errors\":[\"method_not_allowed\"]"));
  EXPECT_THAT(ask(running, "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask(running, "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"),
              StartsWith("HTTP/1.1 404 "));
}

TEST(http_server, hands_other_paths_to_the_fallback_for_reading_only) {
  hello_server running{{.fallback = cruddur::testing::page}};
  EXPECT_THAT(ask(running, "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"), EndsWith("<p>page</p>"));
  EXPECT_THAT(ask(running, "POST /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"),
              StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask(running, "POST /hello HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
}

TEST(http_server, keeps_a_sane_request_id_and_replaces_others) {
  hello_server running;
  const auto with_id = [&](const std::string& id) {
    return header_of(
        ask(running, "GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + id + "\r\n\r\n"),
        "x-request-id");
  };
  EXPECT_EQ(with_id("abc-DEF_1.2"), "abc-DEF_1.2");
  EXPECT_NE(with_id("short"), "short");
  EXPECT_EQ(with_id("has a space in it").size(), 16U);
  EXPECT_EQ(with_id(std::string(65, 'a')).size(), 16U);
}

TEST(http_server, turns_an_exception_into_a_500_without_its_reason) {
  std::string heard;
  std::string heard_id;
  hello_server running{{.on_exception = [&](std::string_view what, std::string_view id) {
    heard = what;
    heard_id = id;
  }}};
  raw_client client{running.port()};
  client.send("GET /fail HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
  EXPECT_THAT(answer, HasSubstr("\"request_id\":\"" + header_of(answer, "x-request-id") + "\""));
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_EQ(heard, "secret reason");
  EXPECT_EQ(heard_id, header_of(answer, "x-request-id"));
}

TEST(http_server, tells_of_each_request) {
  std::promise<std::string> told;
  hello_server running{{.on_request = [&](const access_record& each) {
    told.set_value(std::string{each.request.path} + " " + std::string{each.route} + " " +
                   std::to_string(each.answer.status));
  }}};
  ask(running, "GET /echo/x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(told.get_future().get(), "/echo/x /echo/{name} 200");
}

TEST(http_server, shares_with_listed_origins_only) {
  hello_server running{{.allowed_origins = {"http://localhost:3000"}}};
  const auto with_origin = [&](const std::string& origin) {
    return ask(running, "GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\n\r\n");
  };
  const auto listed = with_origin("http://localhost:3000");
  EXPECT_EQ(header_of(listed, "access-control-allow-origin"), "http://localhost:3000");
  EXPECT_THAT(header_of(listed, "access-control-expose-headers"), HasSubstr("x-server-time"));
  EXPECT_EQ(header_of(listed, "vary"), "Origin");
  for (const char* other : {"http://localhost:3001", "null", "http://LOCALHOST:3000", "*"}) {
    const auto answer = with_origin(other);
    EXPECT_EQ(header_of(answer, "access-control-allow-origin"), "(absent)") << other;
    EXPECT_EQ(header_of(answer, "vary"), "Origin");
  }
}

TEST(http_server, answers_a_preflight_with_the_methods_of_the_path) {
  hello_server running{{.allowed_origins = {"http://localhost:3000"}}};
  const auto preflight = [&](const std::string& path, const std::string& origin) {
    return ask(running,
               "OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: " + origin +
                   "\r\nAccess-Control-Request-Method: POST\r\n\r\n",
               false);
  };
  const auto good = preflight("/echo", "http://localhost:3000");
  EXPECT_THAT(good, StartsWith("HTTP/1.1 204 "));
  EXPECT_EQ(header_of(good, "access-control-allow-methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_THAT(header_of(good, "access-control-allow-headers"), HasSubstr("x-amz-target"));
  EXPECT_EQ(header_of(good, "access-control-allow-origin"), "http://localhost:3000");
  EXPECT_THAT(preflight("/echo", "http://evil.example"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(preflight("/nowhere", "http://localhost:3000"), StartsWith("HTTP/1.1 404 "));
}

TEST(http_server, believes_only_trusted_proxies) {
  hello_server trusting{{.trusted_proxies = {*address_block::parse("127.0.0.0/8")}}};
  hello_server plain;
  const std::string_view bytes =
      "GET /echo HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9, 203.0.113.7, 127.0.0.9\r\n\r\n";
  EXPECT_THAT(ask(trusting, bytes), HasSubstr("from 203.0.113.7\n"));
  EXPECT_THAT(ask(plain, bytes), HasSubstr("from 127.0.0.1\n"));
}

TEST(http_server, finds_the_client_from_the_right_over_all_lines) {
  hello_server trusting{{.trusted_proxies = {*address_block::parse("127.0.0.0/8")}}};
  const auto client = [&](const std::string& lines) {
    const auto answer = ask(trusting, "GET /echo HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    const auto at = answer.find("\nfrom ") + 6;
    return answer.substr(at, answer.find('\n', at) - at);
  };
  EXPECT_EQ(client("X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 203.0.113.7\r\n"), "203.0.113.7");
  EXPECT_EQ(client("X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 203.0.113.7, 127.0.0.2\r\n"
                   "x-forwarded-for: 127.0.0.3\r\n"),
            "203.0.113.7");
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.7, ,\r\nX-Forwarded-For:\r\n"), "203.0.113.7");
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: nonsense\r\n"), "127.0.0.1");
}

TEST(http_server, takes_an_empty_line_between_requests) {
  hello_server running;
  raw_client client{running.port()};
  const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab\r\n";
  client.send(post + post + std::string{hello_request} + "\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("\n\nab"));
  EXPECT_THAT(client.read_answer(), EndsWith("\n\nab"));
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  for (const std::string_view byte : {"\r", "\n"}) client.send(byte);
  client.send(hello_request);
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(http_server, promises_tls_for_subdomains_only_when_told_to) {
  hello_server one{{.strict_transport_security = transport_security::this_host}};
  EXPECT_EQ(header_of(ask(one, hello_request), "strict-transport-security"), "max-age=31536000");
  hello_server all{{.strict_transport_security = transport_security::with_subdomains}};
  EXPECT_EQ(header_of(ask(all, hello_request), "strict-transport-security"),
            "max-age=31536000; includeSubDomains");
}

TEST(http_server, says_in_words_that_the_port_is_taken) {
  hello_server running;
  movable_clock time;
  runtime::event_loops loops{1};
  const auto second = server::start({.port = running.port()},
                                    std::make_shared<router>(std::vector<route>{}), time, loops);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().detail, HasSubstr("another program is using it"));
}

}  // namespace
}  // namespace cruddur::http
