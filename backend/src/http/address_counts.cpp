#include "http/address_counts.hpp"

#include <algorithm>

#include <boost/asio/ip/address_v6.hpp>

namespace cruddur::http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t prefix_bytes = 8;  // an IPv6 client has a whole /64 for itself

address_counts::key key_of(const ip::address& peer) {
  if (peer.is_v4()) return ip::make_address_v6(ip::v4_mapped, peer.to_v4()).to_bytes();
  auto out = peer.to_v6().to_bytes();
  if (!peer.to_v6().is_v4_mapped()) std::fill(out.begin() + prefix_bytes, out.end(), 0);
  return out;
}

}  // namespace

std::optional<address_counts::place> address_counts::take(const ip::address& peer) {
  const key address = key_of(peer);
  const std::lock_guard lock{mutex_};
  std::size_t& count = counts_[address];
  if (count >= most_) return std::nullopt;
  ++count;
  return std::optional<place>{std::in_place, *this, address};
}

void address_counts::leave(const key& address) {
  const std::lock_guard lock{mutex_};
  const auto found = counts_.find(address);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

}  // namespace cruddur::http
