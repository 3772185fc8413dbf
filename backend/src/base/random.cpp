#include "base/random.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace cruddur {
namespace {

void generate(std::span<std::uint8_t> output) {
  if (RAND_bytes(output.data(), static_cast<int>(output.size())) != 1) {
    throw std::runtime_error("the system's random generator failed");
  }
}

// A call of the generator costs about as much for a kilobyte as for a few bytes. What was given out
// stays nowhere here.
class small_amounts {
 public:
  static constexpr std::size_t largest = 32;

  ~small_amounts() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void take(std::span<std::uint8_t> output) {
    if (bytes_.size() - used_ < output.size()) {
      generate(bytes_);
      used_ = 0;
    }
    std::memcpy(output.data(), bytes_.data() + used_, output.size());
    OPENSSL_cleanse(bytes_.data() + used_, output.size());
    used_ += output.size();
  }

 private:
  std::array<std::uint8_t, 1024> bytes_{};
  std::size_t used_ = bytes_.size();
};

}  // namespace

void fill_random(std::span<std::uint8_t> output) {
  if (output.size() > small_amounts::largest) return generate(output);
  thread_local small_amounts amounts;
  amounts.take(output);
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
