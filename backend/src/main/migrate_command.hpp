// cruddur migrate up|down|status|plan
#pragma once

#include <string_view>

#include "base/fault.hpp"
#include "config/settings.hpp"

namespace cruddur {

// Prints what it did, a line a migration. Fault: in words for the operator.
result<> migrate(config::settings settings, std::string_view direction);

}  // namespace cruddur
