// Owning handles for OpenSSL's numbers. Secrets live in them, so they are wiped when they go.
#pragma once

#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <openssl/bn.h>

namespace cruddur::user_pool {

struct big_number_deleter {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
};

using big_number = std::unique_ptr<BIGNUM, big_number_deleter>;
using big_number_context = std::unique_ptr<BN_CTX, big_number_deleter>;

inline big_number make_number() {
  big_number out{BN_new()};
  if (!out) throw std::bad_alloc{};
  return out;
}

inline big_number_context make_context() {
  big_number_context out{BN_CTX_new()};
  if (!out) throw std::bad_alloc{};
  return out;
}

// Big-endian, unsigned.
inline big_number to_number(std::string_view bytes) {
  big_number out{BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                           static_cast<int>(bytes.size()), nullptr)};
  if (!out) throw std::bad_alloc{};
  return out;
}

// `width` bytes, zeros in front; the number must fit.
inline std::string to_bytes(const BIGNUM* number, int width) {
  std::string out(static_cast<std::size_t>(width), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), width);
  return out;
}

}  // namespace cruddur::user_pool
