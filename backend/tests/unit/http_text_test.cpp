// The pure parts of the HTTP layer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/address_counts.hpp"
#include "http/answer_writer.hpp"
#include "http/credentials.hpp"
#include "http/etag.hpp"
#include "http/head_parser.hpp"
#include "http/media_type.hpp"
#include "http/percent.hpp"
#include "http/problem.hpp"
#include "http/trusted_proxies.hpp"

namespace cruddur::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(percent, decodes_whole_escapes_only) {
  EXPECT_EQ(percent_decode("a%20b+c%C3%a9", plus_sign::space), "a b c\xc3\xa9");
  EXPECT_EQ(percent_decode("a+b", plus_sign::plus), "a+b");
  for (const char* bad : {"%", "%2", "%zz", "a%", "%%20"}) {
    EXPECT_FALSE(percent_decode(bad, plus_sign::plus)) << bad;
  }
}

TEST(percent, finds_query_parameters) {
  EXPECT_EQ(find_query_value("a=1&b=x%26y&a=2", "a"), "1");
  EXPECT_EQ(find_query_value("a=1&b=x%26y&a=2", "b"), "x&y");
  EXPECT_EQ(find_query_value("cu%72sor=1", "cursor"), "1");
  EXPECT_EQ(find_query_value("flag&a=1", "flag"), "");
  EXPECT_EQ(find_query_value("ab=1", "a"), std::nullopt);
  EXPECT_EQ(find_query_value("", "a"), std::nullopt);
  EXPECT_EQ(find_query_value("a=%zz", "a"), std::nullopt);
  EXPECT_EQ(find_query_value("a==b=c", "a"), "=b=c");
}

TEST(etag, is_found_in_a_list_by_weak_comparison) {
  EXPECT_TRUE(none_match_names("\"a\"", "\"a\""));
  EXPECT_TRUE(none_match_names("W/\"a\"", "\"a\""));
  EXPECT_TRUE(none_match_names("\"b\" , W/\"a\"", "W/\"a\""));
  EXPECT_TRUE(none_match_names("*", "\"a\""));
  EXPECT_FALSE(none_match_names("\"b\"", "\"a\""));
  EXPECT_FALSE(none_match_names("a", "\"a\""));
  EXPECT_FALSE(none_match_names("\"x\" \"a\"", "\"a\""));
  EXPECT_FALSE(none_match_names("\"a", "\"a\""));
  EXPECT_FALSE(none_match_names("", "\"a\""));
  EXPECT_FALSE(none_match_names(",,,", "\"a\""));
}

TEST(problem, carries_codes_field_and_request_id) {
  const auto out = to_problem(
      {fault_kind::invalid, {"message_blank", "ttl_blank"}, "Say \"something\".", "message", {}},
      "id-12345");
  EXPECT_EQ(out.status, 422U);
  EXPECT_EQ(out.content_type, problem_type);
  EXPECT_EQ(out.body_view(),
            R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
            R"("detail":"Say \"something\".","errors":["message_blank","ttl_blank"],)"
            R"("field":"message","request_id":"id-12345"})");
}

TEST(problem, has_a_status_for_every_kind_of_fault) {
  const std::pair<fault_kind, unsigned> all[] = {
      {fault_kind::invalid, 422},         {fault_kind::malformed, 400},
      {fault_kind::unauthenticated, 401}, {fault_kind::forbidden, 403},
      {fault_kind::not_found, 404},       {fault_kind::gone, 410},
      {fault_kind::conflict, 409},        {fault_kind::rate_limited, 429},
      {fault_kind::unavailable, 503}};
  for (const auto& [kind, status] : all) {
    EXPECT_EQ(to_problem({kind, {"x"}, "y", {}, {}}, "id").status, status);
  }
}

std::string header_of(const response& from, std::string_view name) {
  for (const auto& [key, value] : from.headers) {
    if (key == name) return value;
  }
  return "(absent)";
}

TEST(problem, says_how_to_sign_in_and_when_to_come_back) {
  const auto expired =
      to_problem(make_fault(fault_kind::unauthenticated, "token_expired", "y"), "id");
  EXPECT_THAT(header_of(expired, "www-authenticate"), HasSubstr("error=\"invalid_token\""));
  const auto anonymous =
      to_problem(make_fault(fault_kind::unauthenticated, "unauthenticated", "y"), "id");
  EXPECT_EQ(header_of(anonymous, "www-authenticate"), "Bearer realm=\"cruddur\"");
  const auto limited = to_problem(
      make_fault(fault_kind::rate_limited, "too_many", "y", std::chrono::seconds{30}), "id");
  EXPECT_EQ(header_of(limited, "retry-after"), "30");
}

TEST(answer_writer, lets_no_header_value_begin_a_new_line) {
  const fixed_lines fixed{transport_security::none, ""};
  response answer{302, {}, std::string{}, {{"location", "/a\r\nset-cookie: b"}}};
  std::string out;
  append_answer_head(out, answer, {fixed, {}, "now", "id", 1, persistence::keep_alive});
  EXPECT_THAT(out, HasSubstr("location: /a  set-cookie: b\r\n"));
}

TEST(answer_writer, formats_dates_as_http_does) {
  EXPECT_EQ(format_http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(trusted_proxies, walks_back_to_the_first_untrusted_address) {
  const trusted_proxies proxies{{*address_block::parse("10.0.0.0/8"),
                                 *address_block::parse("192.168.1.7"),
                                 *address_block::parse("fd00::/8")}};
  const auto client = [&](const char* peer, std::string_view forwarded) {
    return proxies.client_address(boost::asio::ip::make_address(peer), forwarded);
  };
  EXPECT_EQ(client("10.1.2.3", "1.1.1.1, 2.2.2.2, 10.9.9.9"), "2.2.2.2");
  EXPECT_EQ(client("10.1.2.3", "2.2.2.2:4444"), "2.2.2.2");
  EXPECT_EQ(client("::ffff:10.1.2.3", "[2001:db8::1]:80"), "2001:db8::1");
  EXPECT_EQ(client("fd00::1", "2.2.2.2"), "2.2.2.2");
  EXPECT_EQ(client("192.168.1.7", "2.2.2.2"), "2.2.2.2");
  EXPECT_EQ(client("192.168.1.8", "2.2.2.2"), "192.168.1.8");
  EXPECT_EQ(client("10.1.2.3", ""), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", "unknown"), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", "[broken"), "10.1.2.3");
}

TEST(head_parser, finds_the_end_of_a_head_that_comes_in_parts) {
  const head_limits bounds{1000, 100};
  const std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
  std::size_t scanned = 0;
  for (std::size_t length = 0; length < bytes.size() - 4; ++length) {
    const auto end = find_head_end(bytes.substr(0, length), scanned, bounds);
    EXPECT_EQ(end.length, 0U);
    EXPECT_FALSE(end.refused);
  }
  EXPECT_EQ(find_head_end(bytes, scanned, bounds).length, bytes.size() - 4);
}

TEST(head_parser, puts_header_names_in_lower_case) {
  std::string head = "GET /a?b HTTP/1.1\r\nHOST: A\r\nX-Thing: Value\r\n\r\n";
  request out;
  head_parser parser{out, {1000, 100, 1000}};
  EXPECT_FALSE(parser.parse(head));
  EXPECT_EQ(out.path, "/a");
  EXPECT_EQ(out.query, "b");
  EXPECT_EQ(out.header("host"), "A");
  EXPECT_EQ(out.header("x-thing"), "Value");
  EXPECT_FALSE(parser.has_body());
  EXPECT_TRUE(parser.keep_alive());
}

TEST(media_type, is_compared_whole_and_without_regard_to_case) {
  for (const char* good :
       {"application/json", "Application/JSON; charset=utf-8", " application/json ",
        "application/json;charset=\"utf-8\"", "application/json ; a=b;c=d;"}) {
    EXPECT_TRUE(is_media_type(good, "application/json")) << good;
  }
  for (const char* bad :
       {"", "application/jsonx", "application/json+x", "application/json, text/plain", "json",
        "application/json x", "application/json; charset", "application/json; =b",
        "application/json; a=\"b", "application/json; a=", "xapplication/json"}) {
    EXPECT_FALSE(is_media_type(bad, "application/json")) << bad;
  }
}

TEST(bearer_token, has_a_scheme_in_any_case) {
  EXPECT_EQ(bearer_token("Bearer a.b.c"), "a.b.c");
  EXPECT_EQ(bearer_token("bEARER   a"), "a");
  for (const char* bad : {"", "Bearer", "Bearer ", "Bearera", "Basic a", "Bearer\ta"}) {
    EXPECT_EQ(bearer_token(bad), "") << bad;
  }
}

TEST(address_counts, take_a_64_of_ipv6_for_one_client) {
  address_counts counts{1};
  const auto at = [](const char* text) { return boost::asio::ip::make_address(text); };
  const auto first = counts.take(at("2001:db8:0:1::1"));
  EXPECT_TRUE(first);
  EXPECT_FALSE(counts.take(at("2001:db8:0:1:ffff::2")));
  EXPECT_TRUE(counts.take(at("2001:db8:0:2::1")));
  const auto fourth = counts.take(at("192.0.2.1"));
  EXPECT_TRUE(fourth);
  EXPECT_FALSE(counts.take(at("::ffff:192.0.2.1")));
  EXPECT_TRUE(counts.take(at("192.0.2.2")));
  EXPECT_TRUE(counts.take(at("192.0.2.2"))) << "it was given back";
}

}  // namespace
}  // namespace cruddur::http
