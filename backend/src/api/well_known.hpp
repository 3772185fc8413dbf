// The small paths that browsers, password managers and crawlers ask for without having been told.
#pragma once

#include <string>
#include <vector>

#include "http/router.hpp"

namespace cruddur::api {

// `client_origin`: where the web client is served; "" when that is here.
std::vector<http::route> well_known_routes(const std::string& client_origin);

// A handler that answers with a file of the binary; 404 when the binary has none at `path`, a
// constant.
http::handler embedded(const char* path);

}  // namespace cruddur::api
