// What the wire asks around a new account: SignUp, ConfirmSignUp, ResendConfirmationCode.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> sign_up(service_ptr in, call from);
task<outcome> confirm_sign_up(service_ptr in, call from);
task<outcome> resend_confirmation_code(service_ptr in, call from);

}  // namespace cruddur::user_pool
