#include "base/random.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <openssl/rand.h>

namespace cruddur {

void fill_random(std::span<std::uint8_t> output) {
  if (RAND_bytes(output.data(), static_cast<int>(output.size())) != 1) {
    throw std::runtime_error("the system's random generator failed");
  }
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  fill_random({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  return out;
}

std::uint64_t random_below(std::uint64_t bound) {
  // Values past the last whole multiple of bound would favour small results.
  const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / bound * bound;
  std::uint64_t value = 0;
  do {
    std::array<std::uint8_t, 8> bytes{};
    fill_random(bytes);
    std::memcpy(&value, bytes.data(), sizeof value);
  } while (value >= limit);
  return value % bound;
}

}  // namespace cruddur
