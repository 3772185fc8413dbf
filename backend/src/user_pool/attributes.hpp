// What people are asked for at sign-up, and how it must look.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur::user_pool {

// An address that mail can go to, in lower case: at most 254 bytes of ASCII, a local part of at
// most 64 in dot-atom form (RFC 5322, section 3.2.3) and a host name with a dot. Nothing when the
// text is no such address.
std::optional<std::string> parse_email(std::string_view text);

// Why a new password is refused, for people; nothing when it is good. See domain/password.hpp.
std::optional<std::string> password_problem(std::string_view password, std::string_view email,
                                            std::string_view handle);

// "a***@e***": tells its owner where mail went, and others little.
std::string mask_email(std::string_view email);

}  // namespace cruddur::user_pool
