#include "base/address_block.hpp"

namespace cruddur {

namespace ip = boost::asio::ip;

ip::address narrow(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

std::optional<address_block> address_block::parse(std::string_view text) {
  std::string block{text};
  const bool is_v4 = text.find(':') == std::string_view::npos;
  if (text.find('/') == std::string_view::npos) block += is_v4 ? "/32" : "/128";
  boost::system::error_code error;
  if (is_v4) {
    const auto network = ip::make_network_v4(block, error);
    if (error) return std::nullopt;
    return address_block{network.canonical()};
  }
  const auto network = ip::make_network_v6(block, error);
  if (error) return std::nullopt;
  return address_block{network.canonical()};
}

bool address_block::contains(const ip::address& address) const {
  const ip::address narrowed = narrow(address);
  if (const auto* v4 = std::get_if<ip::network_v4>(&network_)) {
    if (!narrowed.is_v4()) return false;
    return ip::network_v4{narrowed.to_v4(), v4->prefix_length()}.canonical() == *v4;
  }
  const auto& v6 = std::get<ip::network_v6>(network_);
  const auto wide =
      narrowed.is_v4() ? ip::make_address_v6(ip::v4_mapped, narrowed.to_v4()) : narrowed.to_v6();
  return ip::network_v6{wide, v6.prefix_length()}.canonical() == v6;
}

std::string address_block::text() const {
  return std::visit(
      [](const auto& network) {
        return network.is_host() ? network.address().to_string() : network.to_string();
      },
      network_);
}

}  // namespace cruddur
