// The small paths that browsers, password managers and crawlers ask for without having been told,
// and the pages about the API.
#pragma once

#include "api/system.hpp"

namespace cruddur::api {

task<http::response> show_icon(system_services&, http::request&);
task<http::response> show_robots(system_services&, http::request&);

// W3C, A Well-Known URL for Changing Passwords.
task<http::response> lead_to_password_change(system_services&, http::request&);

// Files of the binary; 404 when it was built without the web client.
task<http::response> show_openapi(system_services&, http::request&);
task<http::response> show_api_docs(system_services&, http::request&);
task<http::response> show_api_docs_style(system_services&, http::request&);

}  // namespace cruddur::api
