// The resource /api/activities.
#pragma once

#include "api/endpoint.hpp"

namespace cruddur::api {

task<result<http::response>> list_home(services&, http::request&, request_context);
task<result<http::response>> list_by_author(services&, http::request&, request_context);
task<result<http::response>> show_activity(services&, http::request&, request_context);
task<result<http::response>> create_activity(services&, http::request&, request_context);
task<result<http::response>> create_reply(services&, http::request&, request_context);
task<result<http::response>> delete_activity(services&, http::request&, request_context);
task<result<http::response>> like_activity(services&, http::request&, request_context);
task<result<http::response>> unlike_activity(services&, http::request&, request_context);
task<result<http::response>> toggle_like(services&, http::request&, request_context);

}  // namespace cruddur::api
