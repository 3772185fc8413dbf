// Hexadecimal (lower case), base64 (RFC 4648, section 4, padded) and base64url (section 5,
// unpadded).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur {

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);  // either case, even length

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64url(std::string_view bytes);
// Strict: no padding, no other characters, no non-zero trailing bits, so each value has one
// spelling.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cruddur
