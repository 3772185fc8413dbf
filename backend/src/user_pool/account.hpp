// An account in the hands of its owner: GetUser, UpdateUserAttributes, the codes of a new email,
// DeleteUser.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

task<outcome> get_user(service_ptr pool, wire_request request);
task<outcome> update_user_attributes(service_ptr pool, wire_request request);
task<outcome> get_user_attribute_verification_code(service_ptr pool, wire_request request);
task<outcome> verify_user_attribute(service_ptr pool, wire_request request);
task<outcome> delete_user(service_ptr pool, wire_request request);

}  // namespace cruddur::user_pool
