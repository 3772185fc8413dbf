// The pool's one secret, and what is made of it. It stands outside the database, so that the
// database alone gives away no password, code, token or key.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "base/uuid.hpp"

namespace cruddur::user_pool {

inline constexpr std::size_t secret_size = 32;

// The raw secret in the file at `path` (one line of 64 hexadecimal digits, readable by its owner
// only). When there is no file, makes folder and file; of processes that race, all get the same
// secret. Blocks. Fault (unavailable): in words for the operator.
result<std::string> load_or_create_secret(const std::filesystem::path& path);

// Keys of one purpose each, drawn from the secret with HMAC-SHA-256.
struct key_ring {
  explicit key_ring(std::string_view secret);

  std::string verifiers;    // seals password verifiers
  std::string challenges;   // seals sign-in challenges
  std::string private_key;  // seals the signing key
  std::string codes;        // hashes mailed codes
  std::string refresh;      // hashes and chains refresh tokens
  std::string places;       // hashes where accounts sign in, and signs devices
  std::string names;        // hashes emails and handles that are nobody's now
  std::string phantoms;     // makes the ids and salts of accounts that don't exist
};

// AES-256-GCM with a random nonce; `context` is bound to the text but not kept in it. Raw bytes:
// nonce (12), text, tag (16).
std::string seal(std::string_view key, std::string_view context, std::string_view text);

// Nothing unless it was sealed with the same key and context.
std::optional<std::string> unseal(std::string_view key, std::string_view context,
                                  std::string_view sealed);

// The id and salt that an account of this name would have if it existed: always the same for one
// name.
// Accounts have version 4 ids, and so has it.
uuid phantom_id(const key_ring& keys, std::string_view name);
std::string phantom_salt(const key_ring& keys, const uuid& id);
// A number below N that stands for its verifier; group_bytes long.
std::string phantom_verifier(const key_ring& keys, const uuid& id);

}  // namespace cruddur::user_pool
