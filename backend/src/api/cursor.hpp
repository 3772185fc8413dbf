// Cursors: where the next page begins, opaque to clients.
#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "base/uuid.hpp"

namespace cruddur::api {

// Which list a cursor belongs to: one list's cursor is refused by another.
enum class list_kind : char { roots = 'a', replies = 'r' };

// base64url of the kind and the id of the last activity of the page before.
std::string make_cursor(list_kind list, const uuid& last);

// Fault: invalid (cursor_invalid, field "cursor").
result<uuid> parse_cursor(list_kind list, std::string_view text);

}  // namespace cruddur::api
