// 256 secret bits, such as a key, that leave no copy behind in memory.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <openssl/crypto.h>

namespace cruddur {

// Every copy overwrites itself at its end. What reads it through bytes() or view() must not copy
// it elsewhere.
class secret {
 public:
  static constexpr std::size_t size = 32;

  secret() = default;
  explicit secret(std::span<const std::uint8_t, size> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  secret(const secret&) = default;
  secret& operator=(const secret&) = default;
  ~secret() { OPENSSL_cleanse(bytes_.data(), size); }

  std::span<std::uint8_t, size> bytes() { return bytes_; }
  std::span<const std::uint8_t, size> bytes() const { return bytes_; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  bool operator==(const secret&) const = default;

 private:
  std::array<std::uint8_t, size> bytes_{};
};

}  // namespace cruddur
