// The public keys of an issuer, from a JSON Web Key Set (RFC 7517).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cruddur::tokens {

inline constexpr std::size_t max_key_set_bytes = 64 * 1024;
inline constexpr std::size_t max_keys = 32;

// An RSA key that checks RS256 and nothing else. Thread-safe.
class public_key {
 public:
  // `modulus` and `exponent` as big-endian bytes: 2048 to 8192 bits, an odd exponent of 3 to 32
  // bits. Null for anything else.
  static std::shared_ptr<const public_key> make(std::string_view modulus,
                                                std::string_view exponent);
  ~public_key();
  public_key(const public_key&) = delete;
  public_key& operator=(const public_key&) = delete;

  bool verify(std::string_view text, std::string_view signature) const;

 private:
  struct key;
  explicit public_key(std::unique_ptr<key> held);
  std::unique_ptr<key> key_;
};

using key_set = std::map<std::string, std::shared_ptr<const public_key>, std::less<>>;

// Keys by `kid`. Those that are not for RS256 signatures are left out; nothing when the text is no
// key set or holds no usable key.
std::optional<key_set> parse_key_set(std::string_view json);

}  // namespace cruddur::tokens
