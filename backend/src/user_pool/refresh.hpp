// Going on with a session, and ending it: GetTokensFromRefreshToken, RevokeToken, GlobalSignOut.
//
// Each refresh gives a session a new refresh token, the successor of the one that came. An answer
// can be lost, so the one before stays good until its successor is used, and whoever sends it again
// gets that same successor (it follows from the token and a key). A token older than that comes
// back only when two hold the session's tokens, the owner and a thief: the session is revoked.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

// InitiateAuth with a refresh token. Clients of this older call keep the token they have, so it
// stays.
task<outcome> refresh_without_rotation(service_ptr pool, wire_request request, std::string token);

task<outcome> get_tokens_from_refresh_token(service_ptr pool, wire_request request);
task<outcome> revoke_token(service_ptr pool, wire_request request);
task<outcome> global_sign_out(service_ptr pool, wire_request request);

}  // namespace cruddur::user_pool
