// The resources /api/users and /api/profile.
#pragma once

#include "api/endpoint.hpp"
#include "domain/profile.hpp"

namespace cruddur::api {

// The person that {handle} in the path names. Fault: not_found (user_not_found).
task<result<profile>> profile_in_path(services& services, const http::request& request);

task<result<http::response>> show_profile(services&, http::request&, request_context);
task<result<http::response>> show_short_profile(services&, http::request&, request_context);
task<result<http::response>> show_own_profile(services&, http::request&, request_context);

}  // namespace cruddur::api
