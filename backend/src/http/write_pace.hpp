// How long a client may take to read what is sent to it, or to send a long body. Times are
// milliseconds of a clock that only moves forward.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cruddur::http {

class write_pace {
 public:
  // `least_rate` is in bytes a second and not 0.
  write_pace(std::chrono::milliseconds longest_gap, std::size_t least_rate, std::int64_t began,
             std::size_t bytes)
      : longest_gap_{longest_gap.count()},
        end_{began + longest_gap_ + static_cast<std::int64_t>(bytes * 1000 / least_rate)} {}

  // Until when to wait for a client that took or sent something at `now`.
  std::int64_t deadline(std::int64_t now) const { return std::min(now + longest_gap_, end_); }

 private:
  std::int64_t longest_gap_;
  std::int64_t end_;
};

}  // namespace cruddur::http
