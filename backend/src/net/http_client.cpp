#include "net/http_client.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "net/url.hpp"

namespace cruddur::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr auto await = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t header_bytes = 16 * 1024;

std::unexpected<fault> failed(const http_url& url, error_code error) {
  if (error == beast::error::timeout) {
    return fail(fault_kind::unavailable, "fetch_timeout", url.host + " did not answer in time.");
  }
  return fail(fault_kind::unavailable, "fetch_failed",
              "Talking to " + url.host + " failed: " + error.message() + ".");
}

bool is_header_text(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

// Sends the request and reads the answer on a connected stream.
template <class Stream>
task<result<client_response>> exchange(Stream& stream, const http_url& url,
                                       const beast_http::request<beast_http::string_body>& message,
                                       std::size_t max_body) {
  const auto [write_error, written] = co_await beast_http::async_write(stream, message, await);
  if (write_error) co_return failed(url, write_error);
  beast_http::response_parser<beast_http::string_body> parser;
  parser.body_limit(max_body);
  parser.header_limit(header_bytes);
  if (message.method() == beast_http::verb::head) parser.skip(true);
  beast::flat_buffer buffer;
  const auto [read_error, count] = co_await beast_http::async_read(stream, buffer, parser, await);
  if (read_error) co_return failed(url, read_error);

  client_response out;
  out.status = parser.get().result_int();
  for (const auto& field : parser.get()) {
    std::string name{std::string_view{field.name_string().data(), field.name_string().size()}};
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    out.headers.emplace_back(std::move(name),
                             std::string{field.value().data(), field.value().size()});
  }
  out.body = std::move(parser.get().body());
  co_return out;
}

class beast_client final : public http_client {
 public:
  explicit beast_client(http_client_options options) : options_{std::move(options)} {
    tls_.set_default_verify_paths();
    tls_.set_verify_mode(asio::ssl::verify_peer);
    tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    if (!options_.extra_ca_pem.empty()) {
      error_code error;
      tls_.add_certificate_authority(asio::buffer(options_.extra_ca_pem), error);
      if (error) throw std::runtime_error("the extra CA certificates can't be read");
    }
  }

  task<result<client_response>> fetch(client_request request) override {
    const deadline limit = std::chrono::steady_clock::now() + request.timeout;
    const auto url = parse_http_url(request.url);
    if (!url) co_return std::unexpected(url.error());

    beast_http::request<beast_http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(url->target);
    message.set(beast_http::field::host, url->authority);
    message.set(beast_http::field::user_agent, options_.user_agent);
    message.set(beast_http::field::connection, "close");
    for (const auto& [name, value] : request.headers) {
      if (name.empty() || !is_header_text(name) || !is_header_text(value)) {
        co_return fail(fault_kind::invalid, "header_invalid", "A header holds control characters.");
      }
      message.set(name, value);
    }
    message.body() = std::move(request.body);
    if (!message.body().empty() || request.method == "POST" || request.method == "PUT") {
      message.content_length(message.body().size());
    }

    auto addresses = co_await options_.find(url->host, url->port, limit);
    if (!addresses) co_return failed(*url, addresses.error());
    auto socket = co_await connect(std::move(*addresses), limit);
    if (!socket) co_return failed(*url, socket.error());
    if (url->is_tls) {
      beast::ssl_stream<beast::tcp_stream> stream{std::move(*socket), tls_};
      co_return co_await fetch_by_tls(stream, *url, message, request.max_body, limit);
    }
    beast::tcp_stream stream{std::move(*socket)};
    stream.expires_at(limit);
    co_return co_await exchange(stream, *url, message, request.max_body);
  }

 private:
  static task<result<client_response>> fetch_by_tls(
      beast::ssl_stream<beast::tcp_stream>& stream, const http_url& url,
      const beast_http::request<beast_http::string_body>& message, std::size_t max_body,
      deadline limit) {
    beast::get_lowest_layer(stream).expires_at(limit);
    stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
    error_code not_an_address;
    asio::ip::make_address(url.host, not_an_address);
    if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
    const auto [tls_error] = co_await stream.async_handshake(asio::ssl::stream_base::client, await);
    if (tls_error) co_return failed(url, tls_error);
    co_return co_await exchange(stream, url, message, max_body);
  }

  http_client_options options_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
};

}  // namespace

std::string_view client_response::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::unique_ptr<http_client> make_http_client(http_client_options options) {
  return std::make_unique<beast_client>(std::move(options));
}

}  // namespace cruddur::net
