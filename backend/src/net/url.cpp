#include "net/url.hpp"

#include <charconv>
#include <cstdint>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace cruddur::net {

result<http_url> parse_http_url(std::string_view text) {
  const auto wrong = [] {
    return fail(fault_kind::invalid, "url_invalid", "The URL is not an absolute http(s) one.");
  };
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return wrong();
  const bool is_tls = parsed->scheme_id() == boost::urls::scheme::https;
  if (!is_tls && parsed->scheme_id() != boost::urls::scheme::http) return wrong();
  const auto host = std::string{std::string_view{parsed->encoded_host()}};
  if (parsed->has_userinfo() || host.empty() || host.find('%') != std::string::npos) return wrong();
  const auto port = std::string{std::string_view{parsed->port()}};
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (!port.empty() && (error != std::errc{} || number == 0)) return wrong();

  http_url out;
  out.is_tls = is_tls;
  out.host = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
  out.port = port.empty() ? (is_tls ? "443" : "80") : std::to_string(number);
  out.authority = port.empty() ? host : host + ":" + out.port;
  out.target = std::string{std::string_view{parsed->encoded_path()}};
  if (out.target.empty()) out.target = "/";
  if (parsed->has_query()) {
    out.target += '?';
    out.target += std::string_view{parsed->encoded_query()};
  }
  return out;
}

}  // namespace cruddur::net
