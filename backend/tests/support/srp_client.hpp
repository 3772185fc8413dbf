// The client's side of SRP as AWS Amplify does it, for tests: written apart from the server's.
#pragma once

#include <memory>
#include <string>

#include <openssl/bn.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace cruddur::testing {

class srp_client {
 public:
  // `secret` is a, raw bytes.
  explicit srp_client(std::string_view secret) : a_{number(secret)} {
    BN_mod_exp(share_.get(), g_.get(), a_.get(), n_.get(), context_.get());
  }

  // A in lower-case hexadecimal without zeros in front, as the client sends it.
  std::string share_hex() const {
    std::string hex = to_hex(bytes(share_.get()));
    return hex.starts_with('0') ? hex.substr(1) : hex;
  }

  std::string scrambler(const std::string& server_share_hex) const {
    return hash(pad(bytes(share_.get())) + pad(unhex(server_share_hex)));
  }

  std::string key(const std::string& pool, const std::string& user, const std::string& password,
                  const std::string& salt_hex, const std::string& server_share_hex) const {
    const auto u = number(scrambler(server_share_hex));
    const auto inner = hash(pool + user + ":" + password);
    const auto x = number(hash(pad(unhex(salt_hex)) + inner));
    const auto k = number(hash(pad(bytes(n_.get())) + pad(std::string(1, '\x02'))));
    const auto b = number(unhex(server_share_hex));
    const auto base = fresh();
    BN_mod_exp(base.get(), g_.get(), x.get(), n_.get(), context_.get());
    BN_mod_mul(base.get(), base.get(), k.get(), n_.get(), context_.get());
    BN_mod_sub(base.get(), b.get(), base.get(), n_.get(), context_.get());
    const auto exponent = fresh();
    BN_mul(exponent.get(), u.get(), x.get(), context_.get());
    BN_add(exponent.get(), exponent.get(), a_.get());
    const auto s = fresh();
    BN_mod_exp(s.get(), base.get(), exponent.get(), n_.get(), context_.get());
    const auto extracted = hmac(pad(scrambler(server_share_hex)), pad(bytes(s.get())));
    return hmac(extracted, std::string{"Caldera Derived Key"} + '\x01').substr(0, 16);
  }

  static std::string claim(const std::string& key, const std::string& pool, const std::string& user,
                           const std::string& block, const std::string& timestamp) {
    return to_base64(hmac(key, pool + user + block + timestamp));
  }

 private:
  struct deleter {
    void operator()(BIGNUM* held) const { BN_free(held); }
    void operator()(BN_CTX* held) const { BN_CTX_free(held); }
  };
  using big = std::unique_ptr<BIGNUM, deleter>;

  static big fresh() { return big{BN_new()}; }
  static big number(std::string_view of) {
    return big{BN_bin2bn(reinterpret_cast<const unsigned char*>(of.data()),
                         static_cast<int>(of.size()), nullptr)};
  }
  static std::string bytes(const BIGNUM* of) {
    std::string out(static_cast<std::size_t>(BN_num_bytes(of)), '\0');
    BN_bn2bin(of, reinterpret_cast<unsigned char*>(out.data()));
    return out;
  }
  static std::string unhex(const std::string& text) {
    return from_hex(text.size() % 2 == 0 ? text : "0" + text).value();
  }
  static std::string pad(std::string text) {
    text.erase(0, std::min(text.find_first_not_of('\0'), text.size() - 1));
    return (static_cast<unsigned char>(text[0]) & 0x80U) != 0 ? '\0' + text : text;
  }
  static std::string hash(const std::string& text) { return std::string{as_view(sha256(text))}; }
  static std::string hmac(const std::string& key, const std::string& text) {
    return std::string{as_view(hmac_sha256(key, text))};
  }

  std::unique_ptr<BN_CTX, deleter> context_{BN_CTX_new()};
  big n_{BN_get_rfc3526_prime_3072(nullptr)};
  big g_ = number("\x02");
  big a_;
  big share_ = fresh();
};

}  // namespace cruddur::testing
