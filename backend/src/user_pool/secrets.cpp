#include "user_pool/secrets.hpp"

#include <stdexcept>

#include <openssl/evp.h>

#include "base/digest.hpp"
#include "base/random.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

struct cipher_deleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using cipher = std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void check(int status) {
  if (status != 1) throw std::runtime_error("AES-256-GCM failed");
}

std::string derive(std::string_view secret, std::string_view label) {
  const auto key = hmac_sha256(secret, std::string{"cruddur user pool: "}.append(label));
  return std::string{as_view(key)};
}

}  // namespace

key_ring::key_ring(std::string_view secret)
    : verifiers{derive(secret, "verifiers")},
      challenges{derive(secret, "challenges")},
      private_key{derive(secret, "private key")},
      codes{derive(secret, "codes")},
      refresh{derive(secret, "refresh")},
      places{derive(secret, "places")},
      names{derive(secret, "names")},
      phantoms{derive(secret, "phantoms")} {
  if (secret.size() != secret_size) {
    throw std::invalid_argument("the user pool's secret must be 32 bytes");
  }
}

std::string seal(std::string_view key, std::string_view context, std::string_view text) {
  const cipher with{EVP_CIPHER_CTX_new()};
  if (!with) throw std::bad_alloc{};
  std::string out = random_bytes(nonce_size);
  out.resize(nonce_size + text.size() + tag_size);
  unsigned char* const body = raw(out) + nonce_size;
  int length = 0;
  check(EVP_EncryptInit_ex(with.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(out)));
  check(EVP_EncryptUpdate(with.get(), nullptr, &length, raw(context),
                          static_cast<int>(context.size())));
  check(EVP_EncryptUpdate(with.get(), body, &length, raw(text), static_cast<int>(text.size())));
  check(EVP_EncryptFinal_ex(with.get(), body + length, &length));
  check(EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size),
                            body + text.size()));
  return out;
}

std::optional<std::string> unseal(std::string_view key, std::string_view context,
                                  std::string_view sealed) {
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  const cipher with{EVP_CIPHER_CTX_new()};
  if (!with) throw std::bad_alloc{};
  const auto body = sealed.substr(nonce_size, sealed.size() - nonce_size - tag_size);
  std::string tag{sealed.substr(sealed.size() - tag_size)};
  std::string out(body.size(), '\0');
  int length = 0;
  check(EVP_DecryptInit_ex(with.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(sealed)));
  check(EVP_DecryptUpdate(with.get(), nullptr, &length, raw(context),
                          static_cast<int>(context.size())));
  check(EVP_DecryptUpdate(with.get(), raw(out), &length, raw(body), static_cast<int>(body.size())));
  check(EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size),
                            tag.data()));
  if (EVP_DecryptFinal_ex(with.get(), raw(out) + length, &length) != 1) return std::nullopt;
  return out;
}

uuid phantom_id(const key_ring& keys, std::string_view name) {
  const auto digest = hmac_sha256(keys.phantoms, std::string{"id:"}.append(name));
  uuid id;
  std::memcpy(id.bytes.data(), digest.data(), id.bytes.size());
  id.bytes[6] = static_cast<std::uint8_t>(0x40U | (id.bytes[6] & 0x0fU));
  id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3fU));
  return id;
}

std::string phantom_salt(const key_ring& keys, const uuid& id) {
  const auto digest = hmac_sha256(keys.phantoms, "salt:" + to_string(id));
  return std::string{as_view(digest).substr(0, srp::salt_bytes)};
}

std::string phantom_verifier(const key_ring& keys, const uuid& id) {
  std::string out;
  for (char block = 'a'; out.size() < srp::group_bytes; ++block) {
    const auto digest = hmac_sha256(keys.phantoms, "verifier:" + to_string(id) + block);
    out.append(as_view(digest));
  }
  out.resize(srp::group_bytes);
  out[0] = static_cast<char>(static_cast<unsigned char>(out[0]) & 0x7fU);  // N starts with 0xff
  return out;
}

}  // namespace cruddur::user_pool
