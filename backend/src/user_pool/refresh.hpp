// Going on with a session, and ending it: GetTokensFromRefreshToken, RevokeToken,
// GlobalSignOut.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

// InitiateAuth with a refresh token. Clients of this older call keep the token they have, so it
// stays.
task<outcome> refresh_without_rotation(service_ptr in, call from, std::string token);

task<outcome> get_tokens_from_refresh_token(service_ptr in, call from);
task<outcome> revoke_token(service_ptr in, call from);
task<outcome> global_sign_out(service_ptr in, call from);

}  // namespace cruddur::user_pool
