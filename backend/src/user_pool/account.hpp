// An account in the hands of its owner: GetUser, UpdateUserAttributes, the codes of a new email,
// DeleteUser.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> get_user(service_ptr in, call from);
task<outcome> update_user_attributes(service_ptr in, call from);
task<outcome> get_user_attribute_verification_code(service_ptr in, call from);
task<outcome> verify_user_attribute(service_ptr in, call from);
task<outcome> delete_user(service_ptr in, call from);

}  // namespace cruddur::user_pool
