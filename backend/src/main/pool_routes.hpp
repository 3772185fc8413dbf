// The paths at which the local user pool answers.
#pragma once

#include <string>
#include <vector>

#include "http/router.hpp"
#include "user_pool/user_pool.hpp"

namespace cruddur {

// `pool` must outlive the routes.
std::vector<http::route> pool_routes(user_pool::user_pool& pool, const std::string& pool_id);

}  // namespace cruddur
