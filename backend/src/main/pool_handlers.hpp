// The local user pool on the wire.
#pragma once

#include <string>

#include "api/routes.hpp"
#include "user_pool/user_pool.hpp"

namespace cruddur {

// `pool` must outlive the handlers.
api::pool_handlers make_pool_handlers(user_pool::user_pool& pool, std::string pool_id);

}  // namespace cruddur
