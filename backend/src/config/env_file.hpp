// The settings that a file gives (CRUDDUR_ENV_FILE).
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/fault.hpp"

namespace cruddur::config {

using named_values = std::map<std::string, std::string, std::less<>>;

// Reads lines of NAME=VALUE. Blank lines and those that begin with '#' are skipped, "export " may
// stand before a name, and quotes around a value are dropped. Fault: invalid (setting_invalid), one
// sentence that names CRUDDUR_ENV_FILE.
result<named_values> read_env_file(const std::filesystem::path& file);

}  // namespace cruddur::config
