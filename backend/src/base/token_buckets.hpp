// Token buckets by name, in memory of fixed size: how often something may be done, by whom the name
// says. When there is no room for another name, the one that was longest not asked for is
// forgotten: a crowd of names can loosen the limits, but neither grow the memory nor push out a
// chosen name.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/tally_table.hpp"

namespace cruddur {

struct bucket_size {
  double burst;       // how many at once
  double per_minute;  // how many come back
};

// Of one process. Thread-safe.
class token_buckets {
 public:
  // Takes one from the bucket of that name, which begins full. When it is empty, gives the time
  // until there is one, in whole seconds rounded up. A name always comes with the same size.
  std::optional<std::chrono::seconds> take(std::string_view name, bucket_size size, time_point now);

 private:
  struct bucket {
    time_point time{};  // when it was last looked at
    double tokens = 0;
  };

  std::mutex mutex_;
  tally_table<bucket> buckets_;
};

}  // namespace cruddur
