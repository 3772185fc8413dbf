// What stands for an account that does not exist, so that a call about it does the same work and
// gets the same kind of answer as one about an account that does. Everything follows from the name
// and a key: the same name always meets the same phantom.
#pragma once

#include <string>
#include <string_view>

#include "base/uuid.hpp"
#include "user_pool/key_ring.hpp"

namespace cruddur::user_pool {

// Of version 4, as the ids of accounts are.
uuid phantom_id(const key_ring& keys, std::string_view name);

// srp::salt_bytes long.
std::string phantom_salt(const key_ring& keys, const uuid& id);

// A number below N, srp::group_bytes long.
std::string phantom_verifier(const key_ring& keys, const uuid& id);

}  // namespace cruddur::user_pool
