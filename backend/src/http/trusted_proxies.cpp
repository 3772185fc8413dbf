#include "http/trusted_proxies.hpp"

#include <charconv>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

namespace ip = boost::asio::ip;

ip::address_v6 widen(const ip::address& address) {
  return address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
}

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

result<trusted_proxies> trusted_proxies::parse(const std::vector<std::string>& blocks) {
  trusted_proxies out;
  for (const std::string& text : blocks) {
    std::string_view rest = text;
    const std::string_view base = take_until(rest, '/');
    boost::system::error_code error;
    const auto address = ip::make_address(std::string{base}, error);
    const unsigned width = !error && address.is_v4() ? 32 : 128;
    unsigned bits = width;
    bool good = !error;
    if (base.size() < text.size()) {
      const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), bits);
      good = good && code == std::errc{} && end == rest.data() + rest.size() && bits <= width;
    }
    if (!good) {
      return fail(fault_kind::invalid, "address_invalid",
                  "'" + text + "' is neither an IP address nor a CIDR block.");
    }
    out.blocks_.push_back({widen(address), bits + (128 - width)});
  }
  return out;
}

ip::address trusted_proxies::narrow(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

bool trusted_proxies::trusts(const ip::address& peer) const {
  if (blocks_.empty()) return false;
  const auto bytes = widen(peer).to_bytes();
  return std::ranges::any_of(blocks_, [&](const block& each) {
    const auto network = each.network.to_bytes();
    for (unsigned bit = 0; bit < each.prefix_bits; bit += 8) {
      const unsigned left = each.prefix_bits - bit;
      const auto mask = static_cast<unsigned char>(left >= 8 ? 0xffU : 0xff00U >> left);
      if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) return false;
    }
    return true;
  });
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
    const auto before = parse_forwarded(last, error);
    if (error) break;
    client = narrow(before);
  }
  return client.to_string();
}

}  // namespace cruddur::http
