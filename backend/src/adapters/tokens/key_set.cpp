#include "adapters/tokens/key_set.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/parser.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "adapters/tokens/json_member.hpp"
#include "base/encoding.hpp"

namespace cruddur::tokens {
namespace {

namespace json = boost::json;

constexpr int min_bits = 2048;
constexpr int max_bits = 8192;

struct openssl_deleter {
  void operator()(BIGNUM* held) const { BN_free(held); }
  void operator()(OSSL_PARAM_BLD* held) const { OSSL_PARAM_BLD_free(held); }
  void operator()(OSSL_PARAM* held) const { OSSL_PARAM_free(held); }
  void operator()(EVP_PKEY_CTX* held) const { EVP_PKEY_CTX_free(held); }
  void operator()(EVP_PKEY* held) const { EVP_PKEY_free(held); }
  void operator()(EVP_MD_CTX* held) const { EVP_MD_CTX_free(held); }
};
template <class T>
using owned = std::unique_ptr<T, openssl_deleter>;

owned<BIGNUM> to_number(std::string_view bytes) {
  return owned<BIGNUM>{BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                 static_cast<int>(bytes.size()), nullptr)};
}

owned<EVP_PKEY> make_rsa_key(const BIGNUM* n, const BIGNUM* e) {
  const owned<OSSL_PARAM_BLD> builder{OSSL_PARAM_BLD_new()};
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e) != 1) {
    return nullptr;
  }
  const owned<OSSL_PARAM> params{OSSL_PARAM_BLD_to_param(builder.get())};
  const owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
  EVP_PKEY* raw = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return owned<EVP_PKEY>{raw};
}

bool absent_or(const json::object& key, std::string_view name, std::string_view expected) {
  return !key.contains(name) || text_member(key, name) == expected;
}

// RFC 7517, section 4.3: where operations are named, the key is for those alone.
bool may_verify(const json::object& key) {
  const auto* operations = key.if_contains("key_ops");
  if (operations == nullptr) return true;
  const auto* list = operations->if_array();
  return list != nullptr && std::ranges::any_of(*list, [](const json::value& operation) {
           return operation.is_string() && operation.get_string() == "verify";
         });
}

void add_key(key_set& keys, const json::value& value) {
  const auto* key = value.if_object();
  if (key == nullptr || text_member(*key, "kty") != "RSA" || !absent_or(*key, "use", "sig") ||
      !absent_or(*key, "alg", "RS256") || !may_verify(*key)) {
    return;
  }
  const auto id = text_member(*key, "kid");
  const auto n = from_base64url(text_member(*key, "n"));
  const auto e = from_base64url(text_member(*key, "e"));
  if (id.empty() || !n || !e) return;
  if (auto made = public_key::make(*n, *e)) keys.emplace(std::string{id}, std::move(made));
}

}  // namespace

struct public_key::key {
  owned<EVP_PKEY> pair;
};

public_key::public_key(std::unique_ptr<key> held) : key_{std::move(held)} {}
public_key::~public_key() = default;

std::shared_ptr<const public_key> public_key::make(std::string_view modulus,
                                                   std::string_view exponent) {
  if (modulus.size() > max_bits / 8 + 1 || exponent.size() > 4) return nullptr;
  const auto n = to_number(modulus);
  const auto e = to_number(exponent);
  if (!n || !e) throw std::bad_alloc{};
  const int bits = BN_num_bits(n.get());
  if (bits < min_bits || bits > max_bits || BN_is_odd(n.get()) == 0 || BN_is_odd(e.get()) == 0 ||
      BN_is_one(e.get()) != 0) {
    return nullptr;
  }
  auto held = std::make_unique<key>();
  held->pair = make_rsa_key(n.get(), e.get());
  if (!held->pair) return nullptr;
  return std::shared_ptr<const public_key>{new public_key{std::move(held)}};
}

bool public_key::verify(std::string_view text, std::string_view signature) const {
  const owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  if (!context) throw std::bad_alloc{};
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) ==
             1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

std::optional<key_set> parse_key_set(std::string_view text) {
  if (text.size() > max_key_set_bytes) return std::nullopt;
  json::parse_options bounds;
  bounds.max_depth = 6;
  json::parser parser{json::storage_ptr{}, bounds};
  boost::system::error_code error;
  parser.write(text, error);
  if (error) return std::nullopt;
  const auto value = parser.release();
  const auto* object = value.if_object();
  const auto* keys = object == nullptr ? nullptr : object->if_contains("keys");
  const auto* list = keys == nullptr ? nullptr : keys->if_array();
  if (list == nullptr || list->size() > max_keys) return std::nullopt;
  key_set out;
  for (const auto& each : *list) add_key(out, each);
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace cruddur::tokens
