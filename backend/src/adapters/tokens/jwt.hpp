// JSON Web Tokens in the compact form of RFC 7515, as far as they can be read before their
// signature is checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace cruddur::tokens {

inline constexpr std::size_t max_token_bytes = 8192;
inline constexpr std::size_t max_claims_depth = 16;

// Views point into the token's text.
struct unverified_jwt {
  std::string key_id;  // `kid`
  std::string_view signed_text;
  std::string signature;     // raw bytes
  std::string_view payload;  // base64url
};

// Three parts of strict base64url; a header that is a JSON object with `alg` exactly RS256, a
// `kid`, `typ` absent or JWT, and nothing that must be understood (`crit`) or that brings its own
// key (`jwk`, `jku`, `x5u`, `x5c`). Nothing for anything else.
std::optional<unverified_jwt> split_jwt(std::string_view token);

// The claims; call it only after the signature was found good. Nothing unless they are a JSON
// object.
std::optional<boost::json::object> read_claims(const unverified_jwt& jwt);

}  // namespace cruddur::tokens
