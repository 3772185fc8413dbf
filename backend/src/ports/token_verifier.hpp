// Who is calling: the one place where a bearer token becomes a caller.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// Only a verifier makes these from tokens.
struct verified_token {
  // The `sub` claim: the account's immutable id, which no other person may see.
  uuid subject;
  // The `origin_jti` claim: what is revoked at sign-out; empty when the issuer gives none.
  std::string session;
  time_point expires_at;
};

class token_verifier {
 public:
  virtual ~token_verifier() = default;

  // Checks an access token by RFC 8725. Faults, all unauthenticated: token_invalid (with no reason
  // why), token_expired, token_revoked; or unavailable (issuer_unavailable) when the keys could
  // never be fetched.
  virtual task<result<verified_token>> verify(std::string_view token, time_point now) = 0;
};

}  // namespace cruddur
