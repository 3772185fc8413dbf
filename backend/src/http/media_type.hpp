// Media types (RFC 9110, section 8.3) and Accept lists (section 12.5.1). Pure functions over
// untrusted text.
#pragma once

#include <string_view>

namespace cruddur::http {

// Whether a Content-Type is `wanted` ("application/json", in lower case) with any parameters. Type
// and subtype are compared without regard to case; parameters must be well-formed.
bool is_media_type(std::string_view content_type, std::string_view wanted);

// Whether an Accept list names `wanted` itself, wildcards aside, with a weight above 0.
bool accepts_by_name(std::string_view accept, std::string_view wanted);

// Whether an Accept list allows `wanted`, by name or by a wildcard; an absent list allows all.
bool accepts(std::string_view accept, std::string_view wanted);

}  // namespace cruddur::http
