// One activity with what stands above and below it.
#pragma once

#include <vector>

#include "app/request_context.hpp"
#include "ports/activity_store.hpp"

namespace cruddur {

struct reply_node {
  activity what;
  std::vector<reply_node> replies;
  bool more;  // there are further replies to it than these
};

struct thread {
  activity what;
  std::vector<activity> ancestors;  // root first
  std::vector<reply_node> replies;
  bool more;
};

inline constexpr std::size_t thread_depth = 4;       // levels of replies in one answer
inline constexpr std::size_t thread_max_rows = 300;  // replies of all levels in one answer
inline constexpr std::size_t thread_max_ancestors = 50;

// Faults: gone (activity_expired, activity_deleted), not_found (activity_not_found).
task<result<thread>> read_thread(activity_store& store, request_context context, uuid id,
                                 page_request replies);

}  // namespace cruddur
