// The keys of the pool. All are drawn from its one secret, which stands outside the database, so
// that the database alone gives away no password, code, token or key.
#pragma once

#include <string>
#include <string_view>

namespace cruddur::user_pool {

inline constexpr std::size_t pool_secret_bytes = 32;

// A key of each purpose. Throws std::invalid_argument unless the secret has pool_secret_bytes.
struct key_ring {
  explicit key_ring(std::string_view secret);

  std::string verifiers;    // seals password verifiers
  std::string challenges;   // seals sign-in challenges
  std::string private_key;  // seals the signing key
  std::string codes;        // hashes mailed codes
  std::string refresh;      // hashes and chains refresh tokens
  std::string places;       // hashes where accounts sign in, and signs devices
  std::string phantoms;     // makes the ids and salts of accounts that don't exist
};

}  // namespace cruddur::user_pool
