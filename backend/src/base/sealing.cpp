#include "base/sealing.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include <openssl/evp.h>

#include "base/digest.hpp"
#include "base/random.hpp"

namespace cruddur {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct cipher_deleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter>;

// Fetched once, since that costs as much as opening a post does.
const EVP_CIPHER* cipher() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  if (fetched == nullptr) throw std::runtime_error("there is no AES-256-GCM");
  return fetched;
}

// Freeing it overwrites what was made of the last key.
cipher_context make_context() {
  cipher_context out{EVP_CIPHER_CTX_new()};
  if (!out) throw std::bad_alloc{};
  return out;
}

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void check_key(std::string_view key) {
  if (key.size() != sealing_key_bytes) throw std::invalid_argument("a sealing key has 32 bytes");
}

void check(int status) {
  if (status != 1) throw std::runtime_error("AES-256-GCM failed");
}

}  // namespace

std::string derive_key(std::string_view secret, std::string_view label) {
  const auto key = hmac_sha256(secret, label);
  return std::string{as_view(key)};
}

std::string seal(std::string_view key, std::string_view context, std::string_view text) {
  check_key(key);
  const auto state = make_context();
  std::string out = random_bytes(nonce_bytes);
  out.resize(nonce_bytes + text.size() + tag_bytes);
  unsigned char* const body = raw(out) + nonce_bytes;
  int length = 0;
  check(EVP_EncryptInit_ex(state.get(), cipher(), nullptr, raw(key), raw(out)));
  check(EVP_EncryptUpdate(state.get(), nullptr, &length, raw(context),
                          static_cast<int>(context.size())));
  check(EVP_EncryptUpdate(state.get(), body, &length, raw(text), static_cast<int>(text.size())));
  check(EVP_EncryptFinal_ex(state.get(), body + length, &length));
  check(EVP_CIPHER_CTX_ctrl(state.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                            body + text.size()));
  return out;
}

struct unsealer::state {
  cipher_context context = make_context();
  // Not until the first text: with a cipher a key is begun with less work.
  const EVP_CIPHER* missing = cipher();
};

unsealer::unsealer() : state_{std::make_unique<state>()} {}
unsealer::~unsealer() = default;

std::optional<std::string> unsealer::open(std::string_view key, std::string_view context,
                                          std::string_view sealed) {
  check_key(key);
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  EVP_CIPHER_CTX* const cipher_state = state_->context.get();
  const auto body = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
  std::array<char, tag_bytes> tag{};
  std::ranges::copy(sealed.substr(sealed.size() - tag_bytes), tag.begin());
  std::string out(body.size(), '\0');
  int length = 0;
  check(EVP_DecryptInit_ex(cipher_state, std::exchange(state_->missing, nullptr), nullptr, raw(key),
                           raw(sealed)));
  check(EVP_DecryptUpdate(cipher_state, nullptr, &length, raw(context),
                          static_cast<int>(context.size())));
  check(
      EVP_DecryptUpdate(cipher_state, raw(out), &length, raw(body), static_cast<int>(body.size())));
  check(EVP_CIPHER_CTX_ctrl(cipher_state, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes),
                            tag.data()));
  if (EVP_DecryptFinal_ex(cipher_state, raw(out) + length, &length) != 1) return std::nullopt;
  return out;
}

std::optional<std::string> unseal(std::string_view key, std::string_view context,
                                  std::string_view sealed) {
  return unsealer{}.open(key, context, sealed);
}

}  // namespace cruddur
