// Well-formed UTF-8, as the Unicode Standard's table 3-7 has it: no overlong forms, no surrogates,
// nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace cruddur {

// The length in bytes of the well-formed sequence at the front, 1 to 4; 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text);

bool is_valid_utf8(std::string_view text);

}  // namespace cruddur
