// A forgotten password and a new one: ForgotPassword, ConfirmForgotPassword, ChangePassword.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> forgot_password(service_ptr pool, wire_request request);
task<outcome> confirm_forgot_password(service_ptr pool, wire_request request);
task<outcome> change_password(service_ptr pool, wire_request request);

}  // namespace cruddur::user_pool
