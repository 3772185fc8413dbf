// What the server refuses, byte for byte over a socket: malformed and ambiguous requests, and those
// past its bounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hello_server.hpp"
#include "support/raw_client.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using cruddur::testing::raw_client;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct refused_request {
  const char* name;
  std::string bytes;
  const char* status;
};

void PrintTo(const refused_request& each, std::ostream* out) {
  *out << each.name;
}

std::string post(std::string_view headers, std::string_view body = "hello") {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{headers} + "\r\n" + std::string{body};
}
std::string get(std::string_view target) {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
std::string with_nul(std::string text) {
  text[text.find('#')] = '\0';
  return text;
}

const std::vector<refused_request> refused_requests = {
    {"length_and_transfer_encoding",
     post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400"},
    {"transfer_encoding_and_length",
     post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), "400"},
    {"unknown_coding_and_length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), "400"},
    {"lengths_that_differ", post("Content-Length: 5\r\nContent-Length: 6\r\n"), "400"},
    {"lengths_that_repeat", post("Content-Length: 5\r\nContent-Length: 5\r\n"), "400"},
    {"length_list", post("Content-Length: 5, 5\r\n"), "400"},
    {"length_signed", post("Content-Length: +5\r\n"), "400"},
    {"length_negative", post("Content-Length: -5\r\n"), "400"},
    {"length_hexadecimal", post("Content-Length: 0x5\r\n"), "400"},
    {"length_empty", post("Content-Length: \r\n"), "400"},
    {"length_beyond_64_bits", post("Content-Length: 99999999999999999999\r\n"), "400"},
    {"chunked_twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "400"},
    {"chunked_in_http_1_0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"coding_gzip", post("Transfer-Encoding: gzip\r\n"), "400"},
    {"coding_gzip_chunked", post("Transfer-Encoding: gzip, chunked\r\n"), "400"},
    {"coding_chunked_identity", post("Transfer-Encoding: chunked, identity\r\n"), "400"},
    {"coding_xchunked", post("Transfer-Encoding: xchunked\r\n"), "400"},
    {"coding_quoted", post("Transfer-Encoding: \"chunked\"\r\n"), "400"},
    {"coding_vertical_tab",
     post("Transfer-Encoding: \x0b"
          "chunked\r\n"),
     "400"},
    {"coding_space_before_colon", post("Transfer-Encoding : chunked\r\n"), "400"},
    {"header_space_before_colon", post("X-A : b\r\n"), "400"},
    {"header_space_before_name", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
    {"header_folded", post("X-A: b\r\n c\r\n"), "400"},
    {"header_folded_by_tab", post("X-A: b\r\n\tc\r\n"), "400"},
    {"header_folded_after_nothing", post("X-A:\r\n b\r\n"), "400"},
    {"header_folded_into_nothing", post("X-A: b\r\n \r\n"), "400"},
    {"header_folded_all_nothing", post("X-A:\r\n \r\n"), "400"},
    {"header_without_colon", post("X-A\r\n"), "400"},
    {"header_without_name", post(": b\r\n"), "400"},
    {"header_name_not_token", post("X(A: b\r\n"), "400"},
    {"header_name_not_ascii", post("X\xc3\xa9: b\r\n"), "400"},
    {"header_value_nul", with_nul(post("X-A: b#c\r\n")), "400"},
    {"header_value_control",
     post("X-A: b\x01"
          "c\r\n"),
     "400"},
    {"header_value_delete",
     post("X-A: b\x7f"
          "c\r\n"),
     "400"},
    {"header_value_bare_cr", post("X-A: b\rc\r\n"), "400"},
    {"bare_lf_everywhere", "GET /hello HTTP/1.1\nHost: a\n\n", "400"},
    {"bare_lf_after_line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n", "400"},
    {"bare_lf_after_header", "GET /hello HTTP/1.1\r\nHost: a\n\r\n", "400"},
    {"bare_lf_at_the_end", "GET /hello HTTP/1.1\r\nHost: a\r\n\n", "400"},
    {"bare_cr_line", "GET /hello HTTP/1.1\rHost: a\r\n\r\n", "400"},
    {"empty_lines_without_end", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", "400"},
    {"empty_line_of_bare_lf", "\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"content_type_twice",
     post("Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 0\r\n"),
     "400"},
    {"authorization_twice", post("Authorization: a\r\nauthorization: b\r\n"), "400"},
    {"origin_twice", post("Origin: http://a\r\nOrigin: http://a\r\n"), "400"},
    {"idempotency_key_twice", post("Idempotency-Key: a\r\nIdempotency-Key: a\r\n"), "400"},
    {"amz_target_twice", post("X-Amz-Target: a\r\nX-Amz-Target: b\r\n"), "400"},
    {"expectation_behind_a_good_one",
     post("Content-Length: 5\r\nExpect: tea\r\nExpect: 100-continue\r\n"), "417"},
    {"headers_too_many_lines",
     [] {
       std::string many;
       for (int i = 0; i < 200; ++i) many += "A" + std::to_string(i) + ": b\r\n";
       return post(many);
     }(),
     "431"},
    {"trailer_like_a_request",
     post("Transfer-Encoding: chunked\r\n", "0\r\nGET /admin HTTP/1.1\r\n\r\n"), "400"},
    {"host_missing", "GET /hello HTTP/1.1\r\n\r\n", "400"},
    {"host_twice", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"},
    {"host_empty", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", "400"},
    {"host_list", "GET /hello HTTP/1.1\r\nHost: a, b\r\n\r\n", "400"},
    {"host_with_path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
    {"host_with_user", "GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", "400"},
    {"host_with_bad_port", "GET /hello HTTP/1.1\r\nHost: a:8x\r\n\r\n", "400"},
    {"target_relative", get("hello"), "400"},
    {"target_star_for_get", get("*"), "400"},
    {"target_authority", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"target_other_scheme", get("ftp://a/hello"), "400"},
    {"target_with_user", get("http://u:p@a/hello"), "400"},
    {"target_with_fragment", get("/hello#x"), "400"},
    {"target_with_backslash", get("/hello\\..\\x"), "400"},
    {"target_with_control", get("/hel\x01lo"), "400"},
    {"target_with_nul", with_nul(get("/hel#lo")), "400"},
    {"target_not_ascii", get("/h\xc3\xa9llo"), "400"},
    {"target_with_space", get("/hello x"), "400"},
    {"escape_not_hexadecimal", get("/hel%zzlo"), "400"},
    {"escape_cut_short", get("/hello%2"), "400"},
    {"escape_of_nul", get("/hello%00.txt"), "400"},
    {"escape_of_newline", get("/hello%0d%0aX:y"), "400"},
    {"escape_broken_in_query", get("/hello?a=%g1"), "400"},
    {"line_with_tab", "GET\t/hello\tHTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"line_with_two_spaces", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"line_with_trailing_space", "GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n", "400"},
    {"line_without_version", "GET /hello\r\nHost: a\r\n\r\n", "400"},
    {"line_of_lower_case_version", "GET /hello http/1.1\r\nHost: a\r\n\r\n", "400"},
    {"line_not_http", "\x16\x03\x01\x02\x01\r\n\r\n", "400"},
    {"version_2_0", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", "400"},
    {"version_0_9", "GET /hello HTTP/0.9\r\nHost: a\r\n\r\n", "400"},
    {"version_1_2", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", "400"},
    {"expectation", post("Content-Length: 5\r\nExpect: tea\r\n"), "417"},
    {"chunk_size_not_hexadecimal", post("Transfer-Encoding: chunked\r\n", "x\r\nhello\r\n"), "400"},
    {"chunk_size_prefixed", post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n"), "400"},
    {"chunk_size_negative", post("Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n"), "400"},
    {"chunk_size_overflowing",
     post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello\r\n"), "400"},
    {"chunk_with_bare_lf", post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"), "400"},
    {"chunk_longer_than_its_size",
     post("Transfer-Encoding: chunked\r\n", "3\r\nhello\r\n0\r\n\r\n"), "400"},
    {"chunk_bad_extension", post("Transfer-Encoding: chunked\r\n", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
     "400"},
    {"chunks_too_large", post("Transfer-Encoding: chunked\r\n", "10001\r\n"), "413"},
    {"chunk_line_too_long",
     post("Transfer-Encoding: chunked\r\n", "5;a=" + std::string(40'000, 'b')), "400"},
    {"body_too_large", post("Content-Length: 65537\r\n"), "413"},
    {"target_too_long", get("/" + std::string(5000, 'a')), "414"},
    {"target_too_long_and_endless", "GET /" + std::string(5000, 'a'), "414"},
    {"headers_too_large", post("X-A: " + std::string(17'000, 'a') + "\r\n"), "431"},
    {"headers_too_many",
     [] {
       std::string many;
       for (int i = 0; i < 3000; ++i) many += "A: b\r\n";
       return post(many);
     }(),
     "431"},
};

class http_refusals : public ::testing::TestWithParam<refused_request> {};

// The request behind it must not be served: the connection ends.
TEST_P(http_refusals, answers_with_a_problem_and_closes) {
  static hello_server running;
  raw_client client{running.port()};
  client.send(GetParam().bytes);
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto all = client.read_to_end();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 " + std::string{GetParam().status} + " "));
  EXPECT_THAT(all, HasSubstr("content-type: application/problem+json\r\n"));
  EXPECT_THAT(all, HasSubstr("connection: close\r\n"));
  EXPECT_EQ(all.find("HTTP/1.1", 5), std::string::npos) << "more than one answer: " << all;
  EXPECT_TRUE(client.is_closed());
}

INSTANTIATE_TEST_SUITE_P(each, http_refusals, ::testing::ValuesIn(refused_requests),
                         [](const auto& each) { return each.param.name; });

struct taken_request {
  const char* name;
  std::string bytes;
  const char* shows;
};

void PrintTo(const taken_request& each, std::ostream* out) {
  *out << each.name;
}

class http_acceptances : public ::testing::TestWithParam<taken_request> {};

TEST_P(http_acceptances, is_served) {
  static hello_server running;
  raw_client client{running.port()};
  client.send(GetParam().bytes);
  EXPECT_THAT(client.read_answer(), HasSubstr(GetParam().shows));
}

INSTANTIATE_TEST_SUITE_P(
    each, http_acceptances,
    ::testing::Values(
        taken_request{"absolute_target",
                      "GET http://other:8080/echo?q=1 HTTP/1.1\r\nHost: a\r\n\r\n",
                      "GET /echo?q=1\nfrom 127.0.0.1\nhost=other:8080\n"},
        taken_request{"absolute_target_without_path",
                      "GET http://other HTTP/1.1\r\nHost: a\r\n\r\n", "path_not_found"},
        taken_request{"host_of_ipv6", "GET /echo HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
                      "host=[::1]:80\n"},
        taken_request{"escaped_slash", "GET /echo/a%2f..%2fb HTTP/1.1\r\nHost: a\r\n\r\n",
                      "GET /echo/a%2f..%2fb?"},
        taken_request{"dot_segments_are_not_resolved",
                      "GET /echo/../hello HTTP/1.1\r\nHost: a\r\n\r\n", "path_not_found"},
        taken_request{"header_without_value", "GET /echo HTTP/1.1\r\nHost: a\r\nX-A:\r\n\r\n",
                      "x-a=\n"},
        taken_request{"header_with_spaces_around",
                      "GET /echo HTTP/1.1\r\nHost: a\r\nX-A: \t b c \t\r\n\r\n", "x-a=b c\n"},
        taken_request{"empty_lines_first", "\r\n\r\nGET /echo?1 HTTP/1.1\r\nHost: a\r\n\r\n",
                      "GET /echo?1"},
        taken_request{"lists_in_several_lines",
                      "GET /echo HTTP/1.1\r\nHost: a\r\nX-A: b\r\nX-C: d\r\nx-a: e, f\r\n"
                      "X-A:\r\nX-A: g\r\n\r\n",
                      "x-a=b, e, f, g\nx-c=d\n"},
        taken_request{"length_zero", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                      "POST /echo"},
        taken_request{"options_for_the_server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "204"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace cruddur::http
