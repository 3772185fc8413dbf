// What the wire asks around a new account: SignUp, ConfirmSignUp, ResendConfirmationCode.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> sign_up(service_ptr pool, wire_request request);
task<outcome> confirm_sign_up(service_ptr pool, wire_request request);
task<outcome> resend_confirmation_code(service_ptr pool, wire_request request);

}  // namespace cruddur::user_pool
