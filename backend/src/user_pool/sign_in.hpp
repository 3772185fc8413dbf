// Signing in with a password: InitiateAuth, RespondToAuthChallenge.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> initiate_auth(service_ptr pool, wire_request request);
task<outcome> respond_to_auth_challenge(service_ptr pool, wire_request request);

}  // namespace cruddur::user_pool
