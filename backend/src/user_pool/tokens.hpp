// The tokens of a sign-in: signed access and id tokens, and opaque refresh tokens.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "ports/account_store.hpp"
#include "user_pool/key_ring.hpp"
#include "user_pool/signing_key.hpp"

namespace cruddur::user_pool {

// What a pair of tokens stands for.
struct token_grant {
  const cruddur::account& account;
  uuid session_id;
  time_point signed_in_at;
};

struct token_rules {
  std::string issuer;
  std::string client_id;
  std::chrono::seconds lifetime;  // of access and id tokens
};

struct token_pair {
  std::string access;
  std::string id;
};

// Signs two tokens: for the blocking pool.
token_pair issue_tokens(const signing_key& key, const token_rules& rules, const token_grant& grant,
                        time_point now);

// A refresh token names its session and carries 32 secret bytes and a tag, so that made-up ones are
// refused without a look at the store. Its successor follows from it and a key: whoever repeats a
// refresh whose answer was lost gets the same one again.
struct refresh_token {
  uuid session_id;
  std::string secret;
};

refresh_token make_refresh_token(const uuid& session_id);
refresh_token successor_of(const key_ring& keys, const refresh_token& token);

// The token as clients hold it: base64url.
std::string write_refresh_token(const key_ring& keys, const refresh_token& token);

// Nothing unless the text is a token that this pool made.
std::optional<refresh_token> read_refresh_token(const key_ring& keys, std::string_view text);

// The token as the store knows it: 32 raw bytes.
std::string hash_refresh_token(const key_ring& keys, const refresh_token& token);

}  // namespace cruddur::user_pool
