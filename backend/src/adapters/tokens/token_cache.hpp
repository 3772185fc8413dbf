// Tokens that were found good, by their SHA-256, so that the next request with one costs no
// signature check. Bounded; thread-safe.
#pragma once

#include <optional>

#include "base/bounded_map.hpp"
#include "base/digest.hpp"
#include "ports/token_verifier.hpp"

namespace cruddur::tokens {

class token_cache {
 public:
  struct entry {
    verified_token token;
    uuid session;  // nil where tokens have none
  };

  explicit token_cache(std::size_t capacity);

  std::optional<entry> find(const sha256_digest& digest, time_point now);

  // Makes room by dropping a token that has expired, else the one that was longest not asked for.
  void put(const sha256_digest& digest, entry entry, time_point now);

  void forget(const sha256_digest& digest);

 private:
  struct hash {
    std::size_t operator()(const sha256_digest& digest) const noexcept;
  };
  bounded_map<sha256_digest, entry, hash> entries_;
};

// SHA-256 without a look-up of the algorithm for each call.
sha256_digest token_digest(std::string_view token);

}  // namespace cruddur::tokens
