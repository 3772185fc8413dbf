// SHA-256 and HMAC-SHA-256. Digests are raw bytes, 32 long.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cruddur {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha256(std::string_view data);
sha256_digest hmac_sha256(std::string_view key, std::string_view data);

inline std::string_view as_view(const sha256_digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Compares in time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace cruddur
