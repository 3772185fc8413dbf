#include "http/trusted_proxies.hpp"

#include <algorithm>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

namespace ip = boost::asio::ip;

// An element of X-Forwarded-For: an address, maybe with a port ("1.2.3.4:80", "[::1]:80").
ip::address parse_forwarded(std::string_view text, boost::system::error_code& error) {
  text = trim(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') == std::string_view::npos ? 0 : text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return ip::make_address(std::string{text}, error);
}

}  // namespace

bool trusted_proxies::trusts(const ip::address& peer) const {
  return std::ranges::any_of(blocks_,
                             [&](const address_block& block) { return block.contains(peer); });
}

std::string trusted_proxies::client_address(const ip::address& peer,
                                            std::string_view forwarded_for) const {
  ip::address client = narrow(peer);
  while (trusts(client) && !forwarded_for.empty()) {
    const auto comma = forwarded_for.rfind(',');
    const auto last =
        comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
    forwarded_for =
        comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
    if (trim(last).empty()) continue;
    boost::system::error_code error;
    const auto hop = parse_forwarded(last, error);
    if (error) break;
    client = narrow(hop);
  }
  return client.to_string();
}

}  // namespace cruddur::http
