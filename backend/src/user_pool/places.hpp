// Where a request comes from, as far as limits care: the address's group or the device. A browser
// that signed in once carries a cookie that says which device it is. The cookie holds a random
// number and its signature for one account, so that it tells nobody whose it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"
#include "user_pool/key_ring.hpp"

namespace cruddur::user_pool {

inline constexpr std::string_view device_cookie = "cruddur-device";

// An IPv4 address, or the /64 of an IPv6 one: a host has a whole /64 to itself.
std::string address_group(std::string_view address);

struct place {
  std::string hash;         // 16 raw bytes, keyed: of the account and the device or the address
  bool is_vouched = false;  // by the device's cookie
};

// `cookies` is the header's value.
place place_of(const key_ring& keys, const uuid& account_id, std::string_view address,
               std::string_view cookies);

// The cookie's value for a new device of the account.
std::string make_device(const key_ring& keys, const uuid& account_id);

}  // namespace cruddur::user_pool
