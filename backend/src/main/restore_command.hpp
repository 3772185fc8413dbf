// cruddur restore FOLDER [ARCHIVE]
#pragma once

#include <filesystem>
#include <string>

#include "base/fault.hpp"
#include "config/settings.hpp"

namespace cruddur {

// Fills an empty data folder, or an empty PostgreSQL database, from the archive of that name, or
// the newest, and the keys in the folder. Prints what came of it. Fault, in words for the operator:
// the target is not empty, the archive or the keys are damaged or don't belong together, or a newer
// version made them.
result<> restore(config::settings settings, const std::filesystem::path& folder, std::string name);

}  // namespace cruddur
