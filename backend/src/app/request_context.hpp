#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// Who asks, and when: what every use case needs to know of a request.
struct request_context {
  std::optional<uuid> viewer;  // nothing for a visitor
  time_point now;
};

}  // namespace cruddur
