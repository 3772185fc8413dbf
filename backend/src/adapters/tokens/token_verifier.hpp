// Checks the access tokens of a Cognito user pool, Amazon's or our own, by RFC 8725 and Amazon's
// rules for verifying them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/tokens/key_source.hpp"
#include "ports/session_watch.hpp"
#include "ports/token_verifier.hpp"

namespace cruddur::tokens {

struct verifier_options {
  std::string issuer;
  std::string client_id;
  std::chrono::seconds clock_leeway{30};  // for `iat` and `nbf`; `exp` is taken at its word
  std::size_t cache_capacity = 65'536;    // tokens, about 250 bytes each
};

// `sessions` may be null: then a token is good until it expires, as with Amazon's pools, which tell
// nobody of a revocation.
std::shared_ptr<token_verifier> create_token_verifier(verifier_options settings,
                                                      std::shared_ptr<key_source> keys,
                                                      std::shared_ptr<session_watch> sessions);

}  // namespace cruddur::tokens
