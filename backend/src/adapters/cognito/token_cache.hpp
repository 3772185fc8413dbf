// Tokens that were found good, by their SHA-256, so that the next request with one costs no
// signature check. Bounded; thread-safe.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/digest.hpp"
#include "ports/token_verifier.hpp"

namespace cruddur::cognito {

class token_cache {
 public:
  struct entry {
    identity who;
    std::uint64_t epoch;  // of the session watch, when the session was last known to be alive
  };

  explicit token_cache(std::size_t capacity);

  std::optional<entry> find(const sha256_digest& token, time_point now);
  // Makes room by dropping what has expired, else any one entry.
  void put(const sha256_digest& token, entry what, time_point now);
  void forget(const sha256_digest& token);

 private:
  struct hash {
    std::size_t operator()(const sha256_digest& of) const noexcept;
  };
  struct shard {
    std::mutex mutex;
    std::unordered_map<sha256_digest, entry, hash> entries;
  };
  static constexpr std::size_t shard_count = 16;

  shard& shard_of(const sha256_digest& token) { return shards_[token[31] % shard_count]; }

  std::size_t shard_capacity_;
  std::array<shard, shard_count> shards_;
};

// SHA-256 without a look-up of the algorithm for each call.
sha256_digest token_digest(std::string_view token);

}  // namespace cruddur::cognito
