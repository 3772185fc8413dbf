#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.hpp"
#include "net/url.hpp"
#include "support/hello_server.hpp"
#include "support/tls_server.hpp"

namespace cruddur::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr const char* ok_answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

class http_client_test : public ::testing::Test {
 protected:
  result<client_response> fetch(client_request what, http_client_options options = {}) {
    const auto client = make_http_client(std::move(options));
    return boost::asio::co_spawn(loops_.loop(0), client->fetch(std::move(what)),
                                 boost::asio::use_future)
        .get();
  }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + std::string{path};
  }
  static std::string code_of(const result<client_response>& from) {
    return from ? "(an answer)" : from.error().codes.at(0);
  }

  runtime::event_loops loops_{1};
  testing::hello_server server_;
};

TEST_F(http_client_test, gives_status_headers_and_body) {
  const auto answer = fetch({.url = url("/hello")});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(answer->header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer->header("absent"), "");
}

TEST_F(http_client_test, sends_method_headers_query_and_body) {
  const auto answer = fetch({.method = "POST",
                             .url = url("/echo?a=b%20c"),
                             .headers = {{"X-Thing", "value"}},
                             .body = "content"});
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr("POST /echo?a=b%20c\n"));
  EXPECT_THAT(answer->body, HasSubstr("\nx-thing=value\n"));
  EXPECT_THAT(answer->body, HasSubstr("\nuser-agent=cruddur\n"));
  EXPECT_THAT(answer->body, EndsWith("\n\ncontent"));
}

TEST_F(http_client_test, gives_error_statuses_as_answers) {
  EXPECT_EQ(fetch({.url = url("/nowhere")})->status, 404U);
  EXPECT_EQ(fetch({.url = url("/fail")})->status, 500U);
  EXPECT_EQ(fetch({.method = "HEAD", .url = url("/big")})->body, "");
}

TEST_F(http_client_test, gives_up_at_its_bounds) {
  EXPECT_EQ(code_of(fetch({.url = url("/slow"), .timeout = 100ms})), "fetch_timeout");
  EXPECT_EQ(code_of(fetch({.url = url("/big"), .max_body = 8191})), "fetch_failed");
  EXPECT_TRUE(fetch({.url = url("/big"), .max_body = 8192}));
}

TEST_F(http_client_test, says_which_host_is_away_but_no_query) {
  const auto answer = fetch({.url = "http://127.0.0.1:1/?secret=x"});
  EXPECT_EQ(code_of(answer), "fetch_failed");
  EXPECT_THAT(answer.error().detail, HasSubstr("127.0.0.1"));
  EXPECT_THAT(answer.error().detail, Not(HasSubstr("secret")));
  EXPECT_EQ(code_of(fetch({.url = "http://no-such-host.invalid/"})), "fetch_failed");
}

TEST_F(http_client_test, refuses_headers_that_would_begin_new_lines) {
  EXPECT_EQ(code_of(fetch({.url = url("/hello"), .headers = {{"x", "a\r\ny: b"}}})),
            "header_invalid");
}

TEST_F(http_client_test, speaks_tls_to_a_host_whose_certificate_is_trusted) {
  const auto identity = testing::make_certificate("DNS:localhost,IP:127.0.0.1");
  testing::tls_server secure{identity, ok_answer};
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto answer = fetch({.url = "https://" + std::string{host} + ":" + secure.port() + "/"},
                              {.extra_ca_pem = identity.certificate_pem});
    ASSERT_TRUE(answer) << host << ": " << answer.error().detail;
    EXPECT_EQ(answer->body, "ok");
  }
}

TEST_F(http_client_test, refuses_certificates_that_are_unknown_or_of_another_host) {
  const auto identity = testing::make_certificate("DNS:other.example");
  testing::tls_server secure{identity, ok_answer};
  const std::string at = "https://localhost:" + secure.port() + "/";
  EXPECT_EQ(code_of(fetch({.url = at})), "fetch_failed");
  EXPECT_EQ(code_of(fetch({.url = at}, {.extra_ca_pem = identity.certificate_pem})),
            "fetch_failed");
}

TEST(url, takes_an_absolute_url_apart) {
  const auto plain = parse_http_url("https://Example.com/a/b?c=d#e");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->is_tls);
  EXPECT_EQ(plain->host, "Example.com");
  EXPECT_EQ(plain->port, "443");
  EXPECT_EQ(plain->authority, "Example.com");
  EXPECT_EQ(plain->target, "/a/b?c=d");
  const auto v6 = parse_http_url("http://[::1]:8080");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->authority, "[::1]:8080");
  EXPECT_EQ(v6->target, "/");
}

TEST(url, refuses_others) {
  for (const char* bad : {"", "/a", "example.com", "ftp://a/", "http://", "http://u:p@a/",
                          "http://a%00b/", "http://a:0/", "http://a:99999/", "http://a b/",
                          "javascript:alert(1)", "file:///etc/passwd"}) {
    EXPECT_FALSE(parse_http_url(bad)) << bad;
  }
}

}  // namespace
}  // namespace cruddur::net
