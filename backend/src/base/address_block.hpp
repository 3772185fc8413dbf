// A block of IP addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace cruddur {

// An IPv4 address that came as IPv6 (::ffff:1.2.3.4), as the IPv4 address that people know.
boost::asio::ip::address narrow(const boost::asio::ip::address& address);

class address_block {
 public:
  // "10.1.2.3/8", "fd00::/8", or one address. Nothing for any other text.
  static std::optional<address_block> parse(std::string_view text);

  // An IPv4 address is also in the blocks that its IPv6 form is in.
  bool contains(const boost::asio::ip::address& address) const;

  // The block's first address and its length, "10.0.0.0/8"; one address without its length.
  std::string text() const;

 private:
  using network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
  explicit address_block(network canonical) : network_{canonical} {}

  network network_;  // its host bits are 0
};

}  // namespace cruddur
