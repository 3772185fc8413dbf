#pragma once

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace cruddur {

// The message as it will be stored, or a fault (invalid, field "message"): message_blank,
// message_exceed_max_chars, message_exceed_max_marks, message_directions_open, message_invalid.
result<std::string> check_message(std::string_view typed, std::size_t max_graphemes);

}  // namespace cruddur
