// cruddur keys status|collect|move|abandon
#pragma once

#include <string>

#include "base/fault.hpp"
#include "config/settings.hpp"

namespace cruddur {

struct keys_request {
  std::string what;    // one of keys_words
  std::string target;  // move: file:, database: or postgres://…
  bool apply = false;  // collect: destroy, and not only count
  bool yes = false;    // abandon: give up what is lost
};

// Prints in words what there is, or what was done. Fault: in words for the operator; of status,
// that the store does not fit the database.
result<> keep_keys(config::settings settings, const keys_request& request);

}  // namespace cruddur
