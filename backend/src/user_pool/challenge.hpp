// The PASSWORD_VERIFIER challenge between the two calls of a sign-in. The server keeps nothing: all
// that it must know again travels in SECRET_BLOCK, sealed. The session store remembers the nonces
// of blocks that were used, so that each serves once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "user_pool/key_ring.hpp"

namespace cruddur::user_pool {

struct challenge {
  std::string nonce;  // 16 bytes
  time_point issued_at;
  uuid account_id;
  std::string secret;        // b
  std::string client_share;  // A, padded to srp::group_bytes
  std::string server_share;  // B
};

std::string seal_challenge(const key_ring& keys, const challenge& challenge);

// Nothing unless the block was sealed by this pool.
std::optional<challenge> open_challenge(const key_ring& keys, std::string_view block);

// `Sat Sep 5 07:08:09 UTC 2026`: English names, the day not padded, the time padded, the day of the
// week that fits the date. Nothing for anything else.
std::optional<time_point> parse_timestamp(std::string_view text);

}  // namespace cruddur::user_pool
