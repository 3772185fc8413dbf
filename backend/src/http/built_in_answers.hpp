// Answers that the server gives by itself: to OPTIONS, and where no route fits.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "http/router.hpp"
#include "http/server_core.hpp"

namespace cruddur::http {

// Nothing when the route's handler, or the server's fallback, is to answer.
std::optional<response> built_in_answer(const server_core& core, const request& request,
                                        const router::match& match);

// 500, for what a handler threw. It says nothing of the cause.
response internal_error(std::string_view request_id);

}  // namespace cruddur::http
