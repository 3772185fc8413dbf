// How long a client may take to read what is sent to it. Times are milliseconds of a clock that
// only moves forward.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cruddur::http {

class write_pace {
 public:
  // `least_rate` is in bytes a second and not 0.
  write_pace(std::chrono::milliseconds patience, std::size_t least_rate, std::int64_t began,
             std::size_t bytes)
      : patience_{patience.count()},
        end_{began + patience_ + static_cast<std::int64_t>(bytes * 1000 / least_rate)} {}

  // Until when to wait for a client that took something at `now`.
  std::int64_t deadline(std::int64_t now) const { return std::min(now + patience_, end_); }

 private:
  std::int64_t patience_;
  std::int64_t end_;
};

}  // namespace cruddur::http
