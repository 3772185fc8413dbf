// Reads the head of a request (RFC 9112) and refuses what servers and proxies are known to read
// differently. Pure functions over untrusted bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "http/message.hpp"
#include "http/refusal.hpp"

namespace cruddur::http {

struct head_limits {
  std::size_t header_bytes;
  std::size_t target_bytes;
  std::size_t header_lines = 128;
};

// How many bytes of empty lines stand before a request line: some clients send one behind a body
// (RFC 9112, section 2.2). A lone CR is left until its LF has come.
std::size_t empty_lines_before(std::string_view bytes);

// The length of the head at the front of `bytes`, with its closing empty line; 0 when its end has
// not come yet. `scanned` keeps how far earlier calls on a shorter prefix have looked; begin with
// 0.
struct head_end {
  std::size_t length = 0;
  std::optional<refusal> refused;
};
head_end find_head_end(std::string_view bytes, std::size_t& scanned, const head_limits& bounds);

// Parses one request. Not reusable; the bytes of the head stay in place while the results are used.
class head_parser final : private boost::beast::http::basic_parser<true> {
 public:
  head_parser(request& out, const head_limits& bounds);

  // `head` is exactly one head, as find_head_end measured it. Fills verb, path, query and headers
  // of `out`; header names are put in lower case in place. A header that is a list is one entry,
  // however many lines it came in; one that can be there only once and is repeated is refused.
  std::optional<refusal> parse(std::span<char> head);

  // After parse() was content:
  bool keep_alive() const { return basic_parser::keep_alive(); }
  bool is_http_1_0() const { return version_ == 10; }
  bool expects_continue() const { return expects_continue_; }
  bool has_body() const { return !basic_parser::is_done(); }
  bool is_chunked() const { return basic_parser::chunked(); }
  std::size_t content_length() const { return static_cast<std::size_t>(length_); }

 private:
  using verb_type = boost::beast::http::verb;
  using field_type = boost::beast::http::field;
  using text = boost::beast::string_view;
  using error_code = boost::beast::error_code;

  void on_request_impl(verb_type verb, text verb_text, text target, int version,
                       error_code& error) override;
  void on_field_impl(field_type field, text name, text value, error_code& error) override;
  void on_response_impl(int, text, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(text body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text body, error_code&) override {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  void refuse(const refusal& refusal, error_code& error);
  std::optional<refusal> check_target();
  std::optional<refusal> check_framing();
  std::optional<refusal> check_expectation();
  std::optional<refusal> join_repeated();
  std::optional<refusal> join(std::size_t first, std::size_t repeated);

  request& out_;
  head_limits bounds_;
  std::string_view head_;
  std::string_view target_;
  int version_ = 11;
  std::string_view transfer_encoding_;
  std::size_t host_at_ = 0;  // its place in out_.headers
  unsigned hosts_ = 0;
  unsigned lengths_ = 0;
  unsigned transfer_encodings_ = 0;
  std::uint64_t length_ = 0;
  bool expects_continue_ = false;
  std::optional<refusal> refused_;
};

}  // namespace cruddur::http
