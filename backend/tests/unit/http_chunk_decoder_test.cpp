#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/chunk_decoder.hpp"

namespace cruddur::http {
namespace {

struct outcome {
  std::string body;
  std::string rest;
  unsigned refused = 0;
  bool done = false;

  bool operator==(const outcome&) const = default;
};

// Decodes in pieces of a length.
outcome decode(std::string_view bytes, std::size_t piece) {
  outcome out;
  chunk_decoder decoder{10, 20};
  for (std::size_t at = 0; at < bytes.size() && !decoder.done(); at += piece) {
    std::string_view part = bytes.substr(at, piece);
    if (const auto refused = decoder.take(part, out.body)) {
      out.refused = refused->status;
      return out;
    }
    if (decoder.done())
      out.rest = std::string{part} + std::string{bytes.substr(std::min(bytes.size(), at + piece))};
  }
  out.done = decoder.done();
  return out;
}

TEST(chunk_decoder, gives_the_same_whatever_the_pieces) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(decode("3\r\nabc\r\n0\r\n\r\nGET", piece), (outcome{"abc", "GET", 0, true}));
    EXPECT_EQ(decode("a;x=\"y\"\r\n0123456789\r\n000\r\nT: u\r\nV: w\r\n\r\n", piece),
              (outcome{"0123456789", "", 0, true}));
    EXPECT_EQ(decode("3\r\nabc\r\n0\r\n", piece), (outcome{"abc", "", 0, false}));
    EXPECT_EQ(decode("0\r\ne", piece), (outcome{"", "", 0, false}));
  }
}

TEST(chunk_decoder, takes_extensions_and_trailers_as_the_grammar_has_them) {
  for (const char* good :
       {"1;a\r\nx\r\n0\r\n\r\n", "1;a;b\r\nx\r\n0\r\n\r\n", "1 ; a = b\r\nx\r\n0\r\n\r\n",
        "1;a=\"\"\r\nx\r\n0\r\n\r\n", "1;a=\"\\\"\" ;b\r\nx\r\n0\r\n\r\n",
        "1;a=\"\xff;\"\r\nx\r\n0\r\n\r\n", "1\r\nx\r\n0;a=b\r\n\r\n", "1\r\nx\r\n0\r\nA:\r\n\r\n",
        "1\r\nx\r\n0\r\nA: \xff b\r\n\r\n"}) {
    for (const std::size_t piece : {1U, 100U}) EXPECT_TRUE(decode(good, piece).done) << good;
  }
}

TEST(chunk_decoder, refuses_extensions_and_trailers_that_are_none) {
  for (const char* bad : {"5;\r\n", "5;=b\r\n", "5;a=\r\n", "5;a=\"b\r\n", "5;a=\"b\"c\r\n",
                          "5;{}@\r\n", "5;\xff\r\n", "5;a b\r\n", "5;a=b c\r\n", "5 \r\n",
                          "5;a \r\n", "5;a;;b\r\n", "5;a=\"\\\x01\"\r\n"}) {
    for (const std::size_t piece : {1U, 100U}) EXPECT_EQ(decode(bad, piece).refused, 400U) << bad;
  }
  for (const char* bad : {"GET /a HTTP/1.1\r\n", "X Y: z\r\n", " X: y\r\n", "X : y\r\n", ": y\r\n",
                          "X\r\n", "X: y\r\n z\r\n", "X\xff: y\r\n", "X: \x01\r\n"}) {
    const std::string bytes = std::string{"0\r\n"} + bad;
    for (const std::size_t piece : {1U, 100U}) EXPECT_EQ(decode(bytes, piece).refused, 400U) << bad;
  }
}

TEST(chunk_decoder, refuses_what_is_malformed_or_too_large) {
  for (const char* bad :
       {"x\r\n", "\r\n", ";\r\n", " 3\r\n", "3 \r\n", "3\n", "3\rx", "+3\r\n", "3\r\nabcd\r\n",
        "3\r\nabc\n", "3;a\nb\r\n", "3;\x01\r\n", "00000000000000003\r\n", "0\r\n\n", "0\r\n\rx",
        "0\r\nA: b\n", "3;0123456789012345678901\r\n", "0\r\n0123456789012345678901\r\n"}) {
    for (const std::size_t piece : {1U, 100U}) EXPECT_EQ(decode(bad, piece).refused, 400U) << bad;
  }
  for (const char* large : {"b\r\n", "6\r\nabcdef\r\n5\r\n", "ffffffffffffffff\r\n"}) {
    EXPECT_EQ(decode(large, 1).refused, 413U) << large;
  }
}

// A reason for a decoder of our own. When this fails, Beast has become strict: use its parser.
TEST(chunk_decoder, refuses_line_ends_in_a_quoted_extension_which_beast_takes) {
  const std::string body = "5;a=\"\nGET /hidden HTTP/1.1\n\"\r\nhello\r\n0\r\n\r\n";
  chunk_decoder decoder{100, 100};
  std::string_view rest = body;
  std::string content;
  ASSERT_TRUE(decoder.take(rest, content));
  EXPECT_EQ(content, "");
  boost::beast::http::request_parser<boost::beast::http::string_body> beast;
  beast.eager(true);
  const std::string request = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
  boost::system::error_code error;
  for (std::string_view left = request; !left.empty() && !error && !beast.is_done();) {
    left.remove_prefix(beast.put(boost::asio::buffer(left), error));
  }
  EXPECT_TRUE(beast.is_done()) << error.message();
  EXPECT_EQ(beast.get().body(), "hello");
}

}  // namespace
}  // namespace cruddur::http
