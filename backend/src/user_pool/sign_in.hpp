// Signing in with a password: InitiateAuth, RespondToAuthChallenge.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> initiate_auth(service_ptr in, call from);
task<outcome> respond_to_auth_challenge(service_ptr in, call from);

}  // namespace cruddur::user_pool
