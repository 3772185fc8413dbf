// A forgotten password and a new one: ForgotPassword, ConfirmForgotPassword, ChangePassword.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> forgot_password(service_ptr in, call from);
task<outcome> confirm_forgot_password(service_ptr in, call from);
task<outcome> change_password(service_ptr in, call from);

}  // namespace cruddur::user_pool
