#include "adapters/tokens/token_cache.hpp"

#include <cstring>
#include <stdexcept>

#include <openssl/evp.h>

namespace cruddur::tokens {

std::size_t token_cache::hash::operator()(const sha256_digest& of) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, of.data(), sizeof out);
  return out;
}

token_cache::token_cache(std::size_t capacity) : entries_{capacity} {}

std::optional<token_cache::entry> token_cache::find(const sha256_digest& token, time_point now) {
  auto found = entries_.find(token);
  if (found && found->who.expires_at <= now) {
    entries_.erase(token);
    found.reset();
  }
  return found;
}

void token_cache::put(const sha256_digest& token, entry what, time_point now) {
  entries_.put(token, std::move(what),
               [now](const entry& each) { return each.who.expires_at <= now; });
}

void token_cache::forget(const sha256_digest& token) {
  entries_.erase(token);
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
  thread_local const context in;
  sha256_digest out;
  if (EVP_DigestInit_ex2(in.held, in.algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(in.held, token.data(), token.size()) != 1 ||
      EVP_DigestFinal_ex(in.held, out.data(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return out;
}

}  // namespace cruddur::tokens
