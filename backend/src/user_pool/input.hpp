// Input that several operations have alike. An operation reads all that it was sent by one function
// whose name begins with `read_`.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

inline constexpr std::size_t max_client_id_bytes = 128;
inline constexpr std::size_t max_code_bytes = 64;

// {AccessToken}
wire_result<std::string> read_access_token(const wire_request& request);

// {ClientId, Username}, and the client is the pool's.
wire_result<std::string> read_username(const service& pool, const wire_request& request);

}  // namespace cruddur::user_pool
