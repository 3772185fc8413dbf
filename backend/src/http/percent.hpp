// Percent-encoding (RFC 3986, section 2.1) in paths and queries. Pure functions over untrusted
// text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur::http {

enum class plus_sign { plus, space };  // a '+' in a query stands for a space

// Nothing when an escape is cut short or not hexadecimal.
std::optional<std::string> percent_decode(std::string_view text, plus_sign plus);

// A path as a request line may hold it: begins with '/', only characters that RFC 3986 allows in a
// path or that browsers send raw ('|', '[', ']', '^'), whole escapes, none of a control character.
bool is_valid_path(std::string_view path);

// Visible ASCII without '#', and whole escapes.
bool is_valid_query(std::string_view query);

// The first parameter of that name, decoded; nothing when it is absent or its escapes are broken.
std::optional<std::string> find_query_value(std::string_view query, std::string_view name);

}  // namespace cruddur::http
