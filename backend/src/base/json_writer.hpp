// JSON text appended to a string, for answers that are built many times a second. Reading JSON is
// Boost.JSON's work.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cruddur {

// Appends `text` as a JSON string with its quotes. `text` must be valid UTF-8. Escapes as RFC 8259,
// section 7, and also U+2028 and U+2029, so that the result is a JavaScript string too.
void append_json_string(std::string& out, std::string_view text);

void append_number(std::string& out, std::int64_t number);

}  // namespace cruddur
