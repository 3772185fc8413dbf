// Which peers are believed when they say whom they forward for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/fault.hpp"

namespace cruddur::http {

class trusted_proxies {
 public:
  // Exact addresses or CIDR blocks, IPv4 or IPv6. Fault (invalid, code address_invalid) names the
  // first that is neither.
  static result<trusted_proxies> parse(const std::vector<std::string>& blocks);

  // "1.2.3.4" for ::ffff:1.2.3.4, as people know it.
  static boost::asio::ip::address narrow(const boost::asio::ip::address& address);

  bool trusts(const boost::asio::ip::address& peer) const;

  // The client's address: the right-most one of X-Forwarded-For, all its lines joined, that is not
  // a trusted proxy itself. Empty elements count for nothing.
  // The peer's own when it is not trusted or the header makes no sense.
  std::string client_address(const boost::asio::ip::address& peer,
                             std::string_view forwarded_for) const;

 private:
  struct block {
    boost::asio::ip::address_v6 network;  // IPv4 as ::ffff:a.b.c.d
    unsigned prefix_bits;
  };
  std::vector<block> blocks_;
};

}  // namespace cruddur::http
