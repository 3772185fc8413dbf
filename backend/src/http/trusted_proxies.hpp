// Whose word is taken on whom they forward for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/address_block.hpp"

namespace cruddur::http {

class trusted_proxies {
 public:
  explicit trusted_proxies(std::vector<address_block> blocks) : blocks_{std::move(blocks)} {}

  bool trusts(const boost::asio::ip::address& peer) const;

  // The client's address: the right-most one of X-Forwarded-For, all its lines joined, that is not
  // a trusted proxy itself. Empty elements count for nothing.
  // The peer's own when it is not trusted or the header makes no sense.
  std::string client_address(const boost::asio::ip::address& peer,
                             std::string_view forwarded_for) const;

 private:
  std::vector<address_block> blocks_;
};

}  // namespace cruddur::http
