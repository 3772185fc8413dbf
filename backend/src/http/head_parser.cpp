#include "http/head_parser.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/url/ipv6_address.hpp>

#include "http/percent.hpp"
#include "http/text.hpp"

namespace cruddur::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t request_line_rest = 32;  // a method, two spaces and "HTTP/1.1"

constexpr refusal malformed_line{400, "request_malformed", "The request line can't be read."};
constexpr refusal malformed_header{400, "header_malformed", "A header line can't be read."};
constexpr refusal bad_line_end{400, "line_ending_invalid", "Lines must end with CR LF."};
constexpr refusal bad_target{400, "target_invalid", "The request target is not a valid path."};
constexpr refusal bad_host{400, "host_invalid", "A request must name one valid host."};
constexpr refusal bad_framing{400, "framing_invalid", "The length of the body is ambiguous."};
constexpr refusal bad_coding{400, "transfer_coding_unknown",
                             "The only transfer coding served is chunked."};
constexpr refusal bad_version{400, "version_not_supported",
                              "The versions served are HTTP/1.0 and 1.1."};
constexpr refusal bad_expectation{417, "expectation_unknown",
                                  "The only expectation served is 100-continue."};
constexpr refusal head_too_large{431, "headers_too_large", "The request's headers are too large."};
constexpr refusal repeated_header{400, "header_repeated",
                                  "A header that can be there only once came twice."};
constexpr refusal target_too_long{414, "target_too_long", "The request target is too long."};

// Those that are one value and no list (RFC 9110 and the specifications that they come from). Host,
// Content-Length and Transfer-Encoding have refusals of their own. What no specification describes
// is joined, as a proxy might have done.
constexpr std::array<std::string_view, 30> singular_names = {
    "access-control-request-method",
    "authorization",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "dnt",
    "from",
    "idempotency-key",
    "if-modified-since",
    "if-range",
    "if-unmodified-since",
    "last-event-id",
    "last-modified",
    "max-forwards",
    "origin",
    "proxy-authorization",
    "range",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-websocket-key",
    "upgrade-insecure-requests",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-target",
    "x-real-ip",
};

method to_method(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return method::get;
    case beast_http::verb::head:
      return method::head;
    case beast_http::verb::post:
      return method::post;
    case beast_http::verb::put:
      return method::put;
    case beast_http::verb::patch:
      return method::patch;
    case beast_http::verb::delete_:
      return method::del;
    case beast_http::verb::options:
      return method::options;
    default:
      return method::other;
  }
}

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// uri-host [ ":" port ] of RFC 9110, section 7.2. Stricter than a URL's authority, in which a name
// may hold escapes and nearly any sign, and which proxies and servers take apart differently.
bool is_valid_authority(std::string_view host) {
  if (host.empty() || host.size() > 255 + 6) return false;
  std::string_view rest = host;
  if (host.front() == '[') {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return false;
    if (!boost::urls::parse_ipv6_address({host.data() + 1, end - 1})) return false;
    rest.remove_prefix(end + 1);
  } else {
    const auto colon = host.find(':');
    const auto name = host.substr(0, colon);
    if (name.empty()) return false;
    for (const char c : name) {
      if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') return false;
    }
    rest.remove_prefix(name.size());
  }
  if (rest.empty()) return true;
  if (rest.front() != ':' || rest.size() > 6) return false;
  return std::ranges::all_of(rest.substr(1), is_digit);
}

// Whether the request line ends like a well-formed one, of whatever version.
bool names_a_version(std::string_view head) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto version = line.substr(std::min(line.size(), line.rfind(' ') + 1));
  return std::ranges::count(line, ' ') == 2 && version.size() == 8 &&
         version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
         is_digit(version[7]);
}

refusal from_beast(beast_http::error error) {
  switch (error) {
    case beast_http::error::bad_version:
      return bad_version;
    case beast_http::error::bad_method:
      return malformed_line;
    case beast_http::error::bad_target:
      return bad_target;
    case beast_http::error::bad_line_ending:
      return bad_line_end;
    case beast_http::error::bad_content_length:
    case beast_http::error::multiple_content_length:
    case beast_http::error::bad_transfer_encoding:
      return bad_framing;
    case beast_http::error::header_limit:
      return head_too_large;
    default:
      return malformed_header;
  }
}

}  // namespace

std::size_t empty_lines_before(std::string_view bytes) {
  std::size_t out = 0;
  while (bytes.substr(out).starts_with("\r\n")) out += 2;
  return out;
}

head_end find_head_end(std::string_view bytes, std::size_t& scanned, const head_limits& bounds) {
  const std::string_view visible = bytes.substr(0, bounds.header_bytes);
  const std::size_t longest_line = bounds.target_bytes + request_line_rest;
  for (;;) {
    // `scanned` is always the start of a line.
    const auto line_end = visible.find('\n', scanned);
    if (line_end == std::string_view::npos) break;
    if (line_end == scanned || visible[line_end - 1] != '\r') return {0, bad_line_end};
    if (scanned == 0 && line_end > longest_line) return {0, target_too_long};
    const bool empty_line = line_end == scanned + 1;
    if (empty_line && scanned == 0) return {0, malformed_line};
    scanned = line_end + 1;
    if (empty_line) return {scanned, std::nullopt};
  }
  if (scanned == 0 && visible.size() > longest_line) return {0, target_too_long};
  if (bytes.size() >= bounds.header_bytes) return {0, head_too_large};
  return {};
}

head_parser::head_parser(request& out, const head_limits& bounds) : out_{out}, bounds_{bounds} {
  // Beast's own header limit counts per call; find_head_end has bounded the head already.
  header_limit(static_cast<std::uint32_t>(bounds.header_bytes) + 1);
  body_limit(boost::none);  // it is the route's, which is found after the head
}

void head_parser::refuse(const refusal& refusal, error_code& error) {
  refused_ = refusal;
  error = beast_http::error::bad_field;
}

std::optional<refusal> head_parser::parse(std::span<char> head) {
  head_ = {head.data(), head.size()};
  out_.headers.clear();
  out_.joined_values.clear();
  error_code error;
  const std::size_t taken = put(boost::asio::const_buffer{head.data(), head.size()}, error);
  if (refused_) return refused_;
  if (error == beast_http::error::need_more) return malformed_header;
  if (error == beast_http::error::bad_version && !names_a_version(head_)) return malformed_line;
  if (error) return from_beast(static_cast<beast_http::error>(error.value()));
  if (taken != head.size() || !is_header_done()) return malformed_header;
  if (auto refused = check_target()) return refused;
  if (auto refused = check_framing()) return refused;
  for (auto& [name, value] : out_.headers) {
    char* const begin = head.data() + (name.data() - head.data());
    for (char* c = begin; c != begin + name.size(); ++c) *c = to_lower(*c);
  }
  if (auto refused = join_repeated()) return refused;
  return check_expectation();
}

// Headers are few, so each is held against those before it; names mostly differ in length.
std::optional<refusal> head_parser::join_repeated() {
  auto& headers = out_.headers;
  for (std::size_t i = 1; i < headers.size();) {
    std::size_t first = 0;
    while (first < i && headers[first].first != headers[i].first) ++first;
    if (first == i) {
      ++i;
    } else if (auto refused = join(first, i)) {
      return refused;
    }
  }
  return std::nullopt;
}

std::optional<refusal> head_parser::join(std::size_t first, std::size_t repeated) {
  auto& headers = out_.headers;
  if (std::ranges::binary_search(singular_names, headers[first].first)) return repeated_header;
  const auto taken = headers.begin() + static_cast<std::ptrdiff_t>(repeated);
  std::string& joined = out_.joined_values.emplace_front(headers[first].second);
  if (!joined.empty() && !taken->second.empty()) joined += ", ";
  joined += taken->second;
  headers[first].second = joined;
  headers.erase(taken);
  return std::nullopt;
}

std::optional<refusal> head_parser::check_expectation() {
  std::string_view expected = out_.header("expect");
  if (expected.empty() || version_ == 10) return std::nullopt;
  while (!expected.empty()) {
    if (!equal_ignoring_case(trim(take_until(expected, ',')), "100-continue")) {
      return bad_expectation;
    }
  }
  expects_continue_ = has_body();
  return std::nullopt;
}

void head_parser::on_request_impl(verb_type verb, text, text target, int version,
                                  error_code& error) {
  out_.verb = to_method(verb);
  target_ = view(target);
  version_ = version;
  if (target_.size() > bounds_.target_bytes) refuse(target_too_long, error);
}

void head_parser::on_field_impl(field_type field, text name_text, text value_text,
                                error_code& error) {
  const std::string_view name = view(name_text);
  const std::string_view value = view(value_text);
  // A folded value lies elsewhere, or with a line end between its name and itself.
  const char* const gap = name.data() + name.size() + 1;
  const char* const head_stop = head_.data() + head_.size();
  if (value.data() < gap || value.data() > head_stop) return refuse(malformed_header, error);
  for (const char* c = gap; c != value.data(); ++c) {
    if (*c != ' ' && *c != '\t') return refuse(malformed_header, error);
  }
  switch (field) {
    case field_type::host:
      ++hosts_;
      host_at_ = out_.headers.size();
      break;
    case field_type::content_length:
      ++lengths_;
      if (!std::ranges::all_of(value, http::is_digit)) return refuse(bad_framing, error);
      break;
    case field_type::transfer_encoding:
      ++transfer_encodings_;
      transfer_encoding_ = value;
      break;
    default:
      break;
  }
  if (out_.headers.size() >= bounds_.header_lines) return refuse(head_too_large, error);
  out_.headers.emplace_back(name, value);
}

std::optional<refusal> head_parser::check_target() {
  if (hosts_ > 1 || (hosts_ == 0 && version_ == 11)) return bad_host;
  if (hosts_ == 1 && !is_valid_authority(out_.headers[host_at_].second)) return bad_host;

  std::string_view target = target_;
  if (target == "*" && out_.verb == method::options) {
    out_.path = target;
    out_.query = {};
    return std::nullopt;
  }
  if (!target.starts_with('/')) {
    // The absolute form: its authority takes the place of the Host header (RFC 9112, 3.2.2).
    const std::size_t scheme =
        target.size() > 7 && equal_ignoring_case(target.substr(0, 7), "http://") ? 7 : 8;
    if (target.size() < 8 ||
        (scheme == 8 && !equal_ignoring_case(target.substr(0, 8), "https://"))) {
      return bad_target;
    }
    target.remove_prefix(scheme);
    const auto authority = target.substr(0, target.find_first_of("/?"));
    if (!is_valid_authority(authority)) return bad_target;
    if (hosts_ == 1) out_.headers[host_at_].second = authority;
    target.remove_prefix(authority.size());
    if (target.empty()) target = "/";
  }
  const auto question = target.find('?');
  out_.path = target.substr(0, question);
  out_.query =
      question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  if (!is_valid_path(out_.path) || !is_valid_query(out_.query)) return bad_target;
  return std::nullopt;
}

std::optional<refusal> head_parser::check_framing() {
  if (lengths_ > 1 || transfer_encodings_ > 1) return bad_framing;
  if (transfer_encodings_ == 1) {
    if (lengths_ > 0 || version_ == 10) return bad_framing;
    if (!equal_ignoring_case(transfer_encoding_, "chunked")) return bad_coding;
  }
  if (lengths_ == 1) length_ = *basic_parser::content_length();
  return std::nullopt;
}

}  // namespace cruddur::http
