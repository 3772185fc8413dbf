// One function per call of the wire, in files by subject. Each gives the answer's JSON or the
// error; user_pool.cpp has the table.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

// sign_up.cpp
task<outcome> sign_up(service_ptr in, call from);
task<outcome> confirm_sign_up(service_ptr in, call from);
task<outcome> resend_confirmation_code(service_ptr in, call from);

// sign_in.cpp
task<outcome> initiate_auth(service_ptr in, call from);
task<outcome> respond_to_auth_challenge(service_ptr in, call from);

// refresh.cpp
task<outcome> refresh_without_rotation(service_ptr in, call from, std::string token);
task<outcome> get_tokens_from_refresh_token(service_ptr in, call from);
task<outcome> revoke_token(service_ptr in, call from);
task<outcome> global_sign_out(service_ptr in, call from);

// password.cpp
task<outcome> forgot_password(service_ptr in, call from);
task<outcome> confirm_forgot_password(service_ptr in, call from);
task<outcome> change_password(service_ptr in, call from);

// account.cpp
task<outcome> get_user(service_ptr in, call from);
task<outcome> update_user_attributes(service_ptr in, call from);
task<outcome> get_user_attribute_verification_code(service_ptr in, call from);
task<outcome> verify_user_attribute(service_ptr in, call from);
task<outcome> delete_user(service_ptr in, call from);

}  // namespace cruddur::user_pool
