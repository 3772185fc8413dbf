#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// A person as others see them. The id is public, and another than that of the account (the `sub` of
// its tokens), which nobody else may learn: it leads from an email to a person.
struct profile {
  uuid id;
  std::string handle;        // lower case, see domain/handle.hpp
  std::string display_name;  // 1 to 50 grapheme clusters
  std::string bio;           // may be empty
  time_point created_at;
};

}  // namespace cruddur
