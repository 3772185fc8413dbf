// Every path that the server answers, in one table (routes.cpp). api/openapi.yaml describes the
// same; a test compares the two.
#pragma once

#include <string>
#include <vector>

#include "api/services.hpp"
#include "api/system.hpp"
#include "http/router.hpp"

namespace cruddur::api {

// Of the local user pool, which is an application of its own. Without one the id is "".
struct pool_handlers {
  std::string id;
  http::handler wire;
  http::handler keys;
  http::handler discovery;
};

// `services` and `system` must outlive the routes.
std::vector<http::route> all_routes(services& services, system_services& system,
                                    const pool_handlers& pool);

// /metrics for whoever reaches it: for a listener of its own.
std::vector<http::route> metrics_routes(system_services& system);

}  // namespace cruddur::api
