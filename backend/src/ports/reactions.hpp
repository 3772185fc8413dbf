// What people do with other people's activities by one press.
#pragma once

#include <cstdint>
#include <vector>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/activity.hpp"
#include "domain/request_context.hpp"

namespace cruddur {

enum class reaction : std::uint8_t { like };

// With the activity's counts after it.
struct reaction_outcome {
  activity_counts counts;
  bool changed;
};

// Every operation may also give unavailable (database_unavailable). The context has a viewer, whose
// reactions these are.
class reactions {
 public:
  virtual ~reactions() = default;

  // Makes the reaction be there or not; repeating it changes nothing. Fault: not_found
  // (activity_not_found) when the activity is not live or is a tombstone; forbidden
  // (profile_missing).
  virtual task<result<reaction_outcome>> set(request_context context, reaction kind, uuid id,
                                             bool is_on) = 0;

  // The roots that have the viewer's reaction, of the newest `limit` live ones not older than
  // `oldest`; it may name older ones too. The cost is bounded by `limit`, however many there are.
  virtual task<result<std::vector<uuid>>> newest_roots(request_context context, reaction kind,
                                                       uuid oldest, std::size_t limit) = 0;
};

}  // namespace cruddur
