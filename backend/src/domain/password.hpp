// Passwords as people type them. frontend/src/shared/lib/text/password.ts has the same rules, and
// both are tested with api/vectors/passwords.json.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cruddur {

inline constexpr std::size_t password_min_characters = 8;    // code points
inline constexpr std::size_t password_max_characters = 256;  // code points

// The one spelling of a password, whatever keyboard it was typed on: Unicode's other spaces as a
// plain one, then NFC (the mappings of RFC 8265's OpaqueString). What is not UTF-8 stays as it is.
std::string normalise_password(std::string_view typed);

enum class password_fault : std::uint8_t { too_short, too_long, too_easy };

// Why a new password is refused; nothing when it is good. There is no rule about kinds of
// characters (NIST SP 800-63B). Refused is what a guesser tries first: blanks, a few characters
// over and over, runs of the alphabet or of a keyboard, common passwords, and a name with little
// around it, be it one of `own` (the owner's address, handle and so on) or this product's.
std::optional<password_fault> check_password(std::string_view typed,
                                             std::span<const std::string_view> own);

}  // namespace cruddur
