// Reading what a request brings: its JSON body, its path, its page.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "api/cursor.hpp"
#include "base/fault.hpp"
#include "http/message.hpp"
#include "ports/page.hpp"

namespace cruddur::api {

// The body as a JSON object. Faults (malformed): json_invalid for anything else, nesting over 32
// and invalid UTF-8 included; content_type_invalid when the request says that it is not JSON.
result<boost::json::object> json_body(const http::request& request);

// A text member, "" when absent or null. Fault: invalid (`<name>_invalid`, field `name`) when it is
// not text.
result<std::string> text_member(const boost::json::object& body, std::string_view name);

// A path parameter that is a uuid. Fault: not_found (activity_not_found): nothing has such an id.
result<uuid> activity_id(const http::request& request);

// ?cursor= and ?limit= (1 to 100, 20 when absent). Faults: cursor_invalid, limit_invalid.
result<page_request> page_of(const http::request& request, list_kind list);

// The Idempotency-Key header, a uuid, if there is one. Fault: idempotency_key_invalid.
result<std::optional<uuid>> idempotency_key(const http::request& request);

}  // namespace cruddur::api
