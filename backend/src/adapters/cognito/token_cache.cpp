#include "adapters/cognito/token_cache.hpp"

#include <cstring>
#include <stdexcept>

#include <openssl/evp.h>

namespace cruddur::cognito {

std::size_t token_cache::hash::operator()(const sha256_digest& of) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, of.data(), sizeof out);
  return out;
}

token_cache::token_cache(std::size_t capacity)
    : shard_capacity_{std::max<std::size_t>(1, capacity / shard_count)} {}

std::optional<token_cache::entry> token_cache::find(const sha256_digest& token, time_point now) {
  shard& in = shard_of(token);
  const std::lock_guard lock{in.mutex};
  const auto at = in.entries.find(token);
  if (at == in.entries.end()) return std::nullopt;
  if (at->second.who.expires_at <= now) {
    in.entries.erase(at);
    return std::nullopt;
  }
  return at->second;
}

void token_cache::put(const sha256_digest& token, entry what, time_point now) {
  shard& in = shard_of(token);
  const std::lock_guard lock{in.mutex};
  if (in.entries.size() >= shard_capacity_ && !in.entries.contains(token)) {
    std::erase_if(in.entries,
                  [now](const auto& each) { return each.second.who.expires_at <= now; });
    if (in.entries.size() >= shard_capacity_) in.entries.erase(in.entries.begin());
  }
  in.entries.insert_or_assign(token, std::move(what));
}

void token_cache::forget(const sha256_digest& token) {
  shard& in = shard_of(token);
  const std::lock_guard lock{in.mutex};
  in.entries.erase(token);
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

}  // namespace cruddur::cognito
