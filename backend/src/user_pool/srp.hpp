// The server's side of SRP-6a as Amazon Cognito speaks it: the 3072-bit group of RFC 5054 (appendix
// A, group 15 of RFC 3526), g = 2, SHA-256, k = H(PAD N | PAD g), and a key drawn from S by HKDF.
// PAD writes an integer big-endian in as few bytes as it needs, with a zero byte in front when its
// top bit is set.
//
// All functions are pure and thread-safe; those that raise to a power take about a millisecond and
// belong in the blocking pool. They throw only when OpenSSL runs out of memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur::user_pool::srp {

inline constexpr std::size_t group_bytes = 384;  // of N, A, B and the verifier
inline constexpr std::size_t secret_bytes = 32;  // of b
inline constexpr std::size_t salt_bytes = 16;
inline constexpr std::size_t key_bytes = 16;

// v = g^x, group_bytes long. `user_id` is the account's immutable id, not its email; `salt` is raw
// bytes.
std::string make_verifier(std::string_view pool_name, std::string_view user_id,
                          std::string_view password, std::string_view salt);

// B = k·v + g^b, group_bytes long.
std::string public_share(std::string_view verifier, std::string_view secret);

// What both sides know of one attempt. A, B and the verifier are big-endian numbers.
struct exchange {
  std::string client_share;  // A
  std::string server_share;  // B
  std::string secret;        // b
  std::string verifier;      // v
};

// u = H(PAD A | PAD B).
std::string scrambler(std::string_view client_share, std::string_view server_share);

// The key, key_bytes long; nothing when A is a multiple of N or u is zero, which an attacker who
// knows no password would send.
std::optional<std::string> session_key(const exchange& exchange);

// HMAC-SHA-256 under the key over pool name, user id, block and timestamp: what the client sends as
// its claim, 32 raw bytes.
std::string claim(std::string_view key, std::string_view pool_name, std::string_view user_id,
                  std::string_view block, std::string_view timestamp);

// A as the client sends it: hexadecimal, any number of leading zeros, 1 ≤ A and not longer than N.
// Nothing for anything else.
std::optional<std::string> parse_client_share(std::string_view hex);

// PAD of big-endian bytes.
std::string pad(std::string_view bytes);

}  // namespace cruddur::user_pool::srp
