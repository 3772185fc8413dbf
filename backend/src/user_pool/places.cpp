#include "user_pool/places.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::size_t hash_bytes = 16;
constexpr std::size_t device_bytes = 16;

std::string keyed_hash(std::string_view key, std::string_view kind, const uuid& account_id,
                       std::string_view name) {
  std::string text{kind};
  text.append(":").append(to_string(account_id)).append(":").append(name);
  const auto digest = hmac_sha256(key, text);
  return std::string{as_view(digest).substr(0, hash_bytes)};
}

// The value of the first cookie of that name, or nothing.
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    std::string_view pair = cookies.substr(0, end);
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

// The device's number when the cookie is one that was made for the account.
std::optional<std::string> known_device(const key_ring& keys, const uuid& account_id,
                                        std::string_view cookies) {
  const auto value = cookie_value(cookies, device_cookie);
  const auto raw = from_hex(value.substr(0, 2 * (device_bytes + hash_bytes) + 1));
  if (!raw || raw->size() != device_bytes + hash_bytes) return std::nullopt;
  std::string device = raw->substr(0, device_bytes);
  if (!equal_constant_time(keyed_hash(keys.places, "signature", account_id, device),
                           raw->substr(device_bytes))) {
    return std::nullopt;
  }
  return device;
}

}  // namespace

std::string address_group(std::string_view address) {
  boost::system::error_code error;
  auto parsed = boost::asio::ip::make_address(std::string{address}, error);
  if (error) return std::string{address};
  if (parsed.is_v4()) return parsed.to_string();
  const auto six = parsed.to_v6();
  if (six.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six).to_string();
  }
  auto bytes = six.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6{bytes}.to_string();
}

place place_of(const key_ring& keys, const uuid& account_id, std::string_view address,
               std::string_view cookies) {
  const auto device = known_device(keys, account_id, cookies);
  if (device) return {keyed_hash(keys.places, "device", account_id, *device), true};
  return {keyed_hash(keys.places, "address", account_id, address_group(address)), false};
}

std::string make_device(const key_ring& keys, const uuid& account_id) {
  std::string device = random_bytes(device_bytes);
  const std::string signature = keyed_hash(keys.places, "signature", account_id, device);
  return to_hex(device.append(signature));
}

}  // namespace cruddur::user_pool
