#include "user_pool/signing_key.hpp"

#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json_writer.hpp"
#include "base/sealing.hpp"
#include "user_pool/big_number.hpp"

namespace cruddur::user_pool {
namespace {

constexpr int key_bits = 2048;
constexpr const char* key_name = "signing-key";

struct evp_deleter {
  void operator()(EVP_PKEY* held) const { EVP_PKEY_free(held); }
  void operator()(EVP_MD_CTX* held) const { EVP_MD_CTX_free(held); }
};

std::string public_number(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
    throw std::runtime_error("the signing key has no public part");
  }
  const big_number number{raw};
  return to_base64url(to_bytes(number.get(), BN_num_bytes(number.get())));
}

}  // namespace

struct signing_key::key {
  std::unique_ptr<EVP_PKEY, evp_deleter> pair;
};

signing_key::signing_key(std::unique_ptr<key> held) : key_{std::move(held)} {
  const std::string e = public_number(key_->pair.get(), OSSL_PKEY_PARAM_RSA_E);
  const std::string n = public_number(key_->pair.get(), OSSL_PKEY_PARAM_RSA_N);
  // RFC 7638 hashes these members in this order.
  const auto thumbprint =
      sha256(json_object{}.text("e", e).text("kty", "RSA").text("n", n).finish());
  id_ = to_base64url(as_view(thumbprint));
  const std::string jwk = json_object{}
                              .text("alg", "RS256")
                              .text("e", e)
                              .text("kid", id_)
                              .text("kty", "RSA")
                              .text("n", n)
                              .text("use", "sig")
                              .finish();
  jwks_ = json_object{}.json("keys", json_array{}.json(jwk).finish()).finish();
}

signing_key::~signing_key() = default;

std::shared_ptr<const signing_key> signing_key::generate() {
  auto held = std::make_unique<key>();
  held->pair.reset(EVP_RSA_gen(key_bits));
  if (!held->pair) throw std::runtime_error("can't make a signing key");
  return std::shared_ptr<const signing_key>{new signing_key{std::move(held)}};
}

std::shared_ptr<const signing_key> signing_key::read(std::string_view private_bytes) {
  const auto* position = reinterpret_cast<const unsigned char*>(private_bytes.data());
  auto held = std::make_unique<key>();
  held->pair.reset(d2i_AutoPrivateKey(nullptr, &position, static_cast<long>(private_bytes.size())));
  if (!held->pair || EVP_PKEY_get_base_id(held->pair.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(held->pair.get()) < key_bits) {
    return nullptr;
  }
  return std::shared_ptr<const signing_key>{new signing_key{std::move(held)}};
}

std::string signing_key::private_bytes() const {
  unsigned char* raw = nullptr;
  PKCS8_PRIV_KEY_INFO* const info = EVP_PKEY2PKCS8(key_->pair.get());
  const int size = info == nullptr ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, &raw);
  PKCS8_PRIV_KEY_INFO_free(info);
  if (size <= 0) throw std::runtime_error("can't write the signing key");
  std::string out(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  OPENSSL_clear_free(raw, static_cast<std::size_t>(size));
  return out;
}

std::string signing_key::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, evp_deleter> context{EVP_MD_CTX_new()};
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pair.get())), '\0');
  std::size_t size = out.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data,
                     text.size()) != 1) {
    throw std::runtime_error("signing failed");
  }
  out.resize(size);
  return out;
}

task<result<std::shared_ptr<const signing_key>>> load_signing_key(key_store& store,
                                                                  std::string secret,
                                                                  runtime::blocking_pool& pool,
                                                                  time_point now) {
  const key_ring keys{secret};
  auto found = co_await store.find(key_name);
  if (!found) co_return std::unexpected(found.error());

  std::string sealed;
  if (*found) {
    sealed = std::move(**found);
  } else {
    auto made = co_await pool.run([] { return signing_key::generate(); });
    if (!made) co_return std::unexpected(made.error());
    auto kept = co_await store.put_if_absent(
        key_name, seal(keys.private_key, key_name, (*made)->private_bytes()), now);
    if (!kept) co_return std::unexpected(kept.error());
    sealed = std::move(*kept);
  }
  const auto opened = unseal(keys.private_key, key_name, sealed);
  auto key = opened ? signing_key::read(*opened) : nullptr;
  if (!key) {
    co_return fail(fault_kind::unavailable, "secret_mismatch",
                   "The user pool's secret does not fit this database: its signing key was sealed "
                   "with another one. Put the right secret back.");
  }
  co_return key;
}

}  // namespace cruddur::user_pool
