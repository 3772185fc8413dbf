#include "adapters/tokens/token_cache.hpp"

#include <cstring>
#include <stdexcept>

#include <openssl/evp.h>

namespace cruddur::tokens {

std::size_t token_cache::hash::operator()(const sha256_digest& digest) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out;
}

token_cache::token_cache(std::size_t capacity) : entries_{capacity} {}

std::optional<token_cache::entry> token_cache::find(const sha256_digest& digest, time_point now) {
  auto found = entries_.find(digest);
  if (found && found->token.expires_at <= now) {
    entries_.erase(digest);
    found.reset();
  }
  return found;
}

void token_cache::put(const sha256_digest& digest, entry entry, time_point now) {
  entries_.put(digest, std::move(entry),
               [now](const token_cache::entry& each) { return each.token.expires_at <= now; });
}

void token_cache::forget(const sha256_digest& digest) {
  entries_.erase(digest);
}

sha256_digest token_digest(std::string_view token) {
  struct context {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* held = EVP_MD_CTX_new();
    context() = default;
    context(const context&) = delete;
    context& operator=(const context&) = delete;
    ~context() {
      EVP_MD_CTX_free(held);
      EVP_MD_free(algorithm);
    }
  };
  thread_local const context sha256;
  sha256_digest out;
  if (EVP_DigestInit_ex2(sha256.held, sha256.algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(sha256.held, token.data(), token.size()) != 1 ||
      EVP_DigestFinal_ex(sha256.held, out.data(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return out;
}

}  // namespace cruddur::tokens
