#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// A person as others see them. The uuid is the account's: the `sub` of its tokens.
struct profile {
  uuid id;
  std::string handle;        // lower case, see domain/handle.hpp
  std::string display_name;  // 1 to 50 grapheme clusters
  std::string bio;           // may be empty
  time_point created_at;
};

}  // namespace cruddur
