// WRITE_LIMITS: "posts:30/min,500/day;likes:off", or "off" for no limit at all.
#pragma once

#include <string>
#include <string_view>

#include "base/write_limits.hpp"
#include "config/settings.hpp"

namespace cruddur::config {

// Reads the text into the settings; a kind that it does not name keeps its default. Gives what is
// wrong with it, or "".
std::string read_write_limits(settings& target, std::string_view value);

write_limits default_write_limits();

}  // namespace cruddur::config
