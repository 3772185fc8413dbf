// cruddur backup FOLDER
#pragma once

#include <filesystem>

#include "base/fault.hpp"
#include "config/settings.hpp"

namespace cruddur {

// Writes an archive of the database, and after it the newest keys over the former ones, while
// servers run or not. Prints what it wrote. Fault, in words for the operator: then every earlier
// backup in the folder is as good as before.
result<> back_up(config::settings settings, const std::filesystem::path& folder);

}  // namespace cruddur
