// Host names that stand in a text without a scheme, such as example.com.
#pragma once

#include <string_view>

namespace cruddur {

// Whether a reader would take `name` (ASCII labels between dots) for a web site. Only top level
// domains that exist count. Those that are also words, endings of files or members of objects
// (README.md, main.rs, console.info) count in a longer address only: www.example.md, a.example.rs,
// or where `has_path`.
bool is_web_host(std::string_view name, bool has_path);

}  // namespace cruddur
