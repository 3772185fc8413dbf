// What a development server has besides: its outbox, and a clock that can be moved. Only for
// requests that name the server by its own host: a page of another site may be at a name that leads
// here (DNS rebinding).
#pragma once

#include "api/system.hpp"

namespace cruddur::api {

// services.outbox is not empty.
task<http::response> show_outbox(system_services& services, http::request& request);

// services.clock is not null.
task<http::response> move_clock(system_services& services, http::request& request);

}  // namespace cruddur::api
