// Entity tags (RFC 9110, section 8.8.3).
#pragma once

#include <string_view>

namespace cruddur::http {

// Whether an If-None-Match value names `etag`, which is quoted and may begin with W/. Weak
// comparison, as the RFC wants for GET.
bool none_match_names(std::string_view if_none_match, std::string_view etag);

}  // namespace cruddur::http
