// The sessions of the local user pool: one per sign-in, named by the `origin_jti` of its tokens,
// alive until it is revoked or its refresh token ends. The store sees hashes of refresh tokens
// only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

struct session {
  uuid id;
  uuid account_id;
  std::string refresh_hash;   // of the refresh token that is good now
  std::string previous_hash;  // of the one before it; empty when it was never rotated
  time_point signed_in_at;
  time_point rotated_at;
  time_point expires_at;
};

// A sign-in challenge serves once: its nonce is remembered until `expires_at`.
struct challenge_use {
  std::string nonce;  // raw bytes
  time_point expires_at;
};

enum class rotation_outcome : std::uint8_t {
  rotated,   // the presented token was the current one; its successor is now
  repeated,  // the presented token is the one before, whose successor was not used yet: it stands
  reused,    // an older token came back: the session is revoked
  gone,      // no such session, revoked, expired, or never had this token
};

// How long a revoked session is remembered: longer than any access token lives.
inline constexpr std::chrono::minutes revocation_memory{24 * 60 + 5};

struct revocations {
  // All revocations up to this number have been read. When it is lower than the number that was
  // asked with, this is another database.
  std::int64_t version;
  std::vector<uuid> sessions;
  bool more;  // there are further ones after `version`
};

// Every operation may also give unavailable (database_unavailable).
class session_store {
 public:
  virtual ~session_store() = default;

  // Keeps a new session, and the use of the challenge that opened it. Fault: conflict
  // (challenge_used), and then no session.
  virtual task<result<>> open(session session, std::optional<challenge_use> challenge) = 0;

  // Remembers a challenge that failed. Fault: conflict (challenge_used).
  virtual task<result<>> spend(challenge_use challenge) = 0;

  // The session if it is neither revoked nor over.
  virtual task<result<std::optional<session>>> find(uuid id, time_point now) = 0;

  // Replaces the refresh token that was presented by its successor.
  //
  // The session knows two tokens, the current one and the one before it. Presented with the current
  // one, it moves on (rotated). Presented with the one before, while the current one is the
  // successor, it changes nothing (repeated): the answer with the successor was lost, and that
  // costs nobody the session. Any other token was replaced longer ago, and two hold the session's
  // tokens now: it is revoked (reused). The caller has checked that the presented token was once
  // issued for this session.
  virtual task<result<rotation_outcome>> rotate(uuid id, std::string presented_hash,
                                                std::string successor_hash, time_point now) = 0;

  // The current token was used without being replaced, so the client has it: the token before it is
  // not good any more.
  virtual task<result<>> settle(uuid id, std::string current_hash) = 0;

  // Succeeds when there is nothing left to revoke.
  virtual task<result<>> revoke(uuid id, time_point now) = 0;

  // Revokes every session of an account; succeeds when there is none.
  virtual task<result<>> revoke_all(uuid account_id, time_point now) = 0;

  // The sessions revoked after `version`, by whichever process and in that order, at most `limit`
  // of them; those that no token can be good for any more are left out.
  virtual task<result<revocations>> revoked_since(std::int64_t version, time_point now,
                                                  std::size_t limit) = 0;

  // Forgets sessions and challenges whose time is over.
  virtual task<result<>> sweep(time_point now) = 0;
};

}  // namespace cruddur
