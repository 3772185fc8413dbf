// Reads the settings that are addresses of servers. See values.hpp for what they give.
#pragma once

#include <string>
#include <string_view>

#include "config/values.hpp"

namespace cruddur::config {

// A host name in lower-case ASCII (an international one in punycode), an IPv4 address, or an IPv6
// address in brackets.
reading<std::string> parse_host(std::string_view text);

// A host name in lower-case ASCII, or an IP address without brackets.
reading<std::string> parse_host_name(std::string_view text);

// scheme://host[:port] in lower case, without the scheme's own port, a path or a slash at the end:
// as a browser sends it in Origin.
reading<std::string> parse_origin(std::string_view text);

// "local:", or an issuer's address: an origin and a path.
reading<std::string> parse_identity_url(std::string_view text);

// smtp[s]://[user[:password]@]host[:port]. The user and the password may hold any character, also
// '@', ':', '/' and '#'; only '%' must be written %25. Gives them percent-encoded. The phrase for
// what is wrong does not repeat the text, which may hold a password.
reading<std::string> parse_smtp_url(std::string_view text);

// sqlite:PATH, or postgres://… as libpq takes it. An '@' in the user or password needs no escape.
reading<std::string> parse_database_url(std::string_view text);
// file:, database:, or postgres://… as above.
reading<std::string> parse_keys_url(std::string_view text);

// Whether others could read what is sent to the address: http or smtp to another machine.
bool is_plain_to_elsewhere(std::string_view url);

// The host of an origin, without brackets; empty when there is none.
std::string host_of(std::string_view origin);

}  // namespace cruddur::config
