// Every path that the server answers, in one table. api/openapi.yaml describes the same; a test
// compares the two.
#pragma once

#include <vector>

#include "api/endpoint.hpp"
#include "api/services.hpp"
#include "http/router.hpp"

namespace cruddur::api {

// The application's paths. `services` must outlive the routes.
std::vector<http::route> application_routes(services& services);

}  // namespace cruddur::api
