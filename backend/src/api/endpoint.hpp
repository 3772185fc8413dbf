// From a handler of the API to one of the HTTP server: finds out who calls, and turns faults into
// problems.
#pragma once

#include "api/services.hpp"
#include "base/fault.hpp"
#include "domain/request_context.hpp"
#include "http/message.hpp"

namespace cruddur::api {

enum class access {
  // A visitor may call it; a bad token is refused all the same.
  anyone,
  // Needs a good access token of somebody with a profile.
  member,
};

using endpoint = task<result<http::response>> (*)(services&, http::request&, request_context);

// `services` must outlive the handler. What a budget is named for is counted against the member's:
// a request that is refused for its input, or that repeats an earlier one by its Idempotency-Key,
// costs nothing. Every answer to a member tells what is left.
http::handler make_handler(services& services, access allowed, endpoint call,
                           std::optional<write_kind> budget = std::nullopt);

// The same decision about the caller, made before the body of a request is read. The handler makes
// it again, for the request that it gets.
http::access_check make_access_check(services& services, access allowed);

// An answer with a JSON body.
http::response json_response(std::string body, unsigned status = 200);

}  // namespace cruddur::api
