// One activity with what stands above and below it.
#pragma once

#include <optional>
#include <vector>

#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"
#include "ports/threads.hpp"

namespace cruddur {

struct reply_node {
  activity reply;
  std::vector<reply_node> replies;
  bool more;  // there are further replies to it than these
};

struct thread {
  activity focus;
  std::vector<activity> ancestors;  // root first, the nearest thread_max_ancestors
  // The thread's first post, where the ancestors don't reach up to it.
  std::optional<activity> distant_root;
  std::vector<reply_node> replies;
  bool more;
};

inline constexpr std::size_t thread_depth = 4;  // levels of replies in one answer
// Replies to each reply in one answer; what goes beyond is read by asking for that reply.
inline constexpr std::size_t thread_max_children = 20;
inline constexpr std::size_t thread_max_rows = 300;  // replies of all levels in one answer
inline constexpr std::size_t thread_max_ancestors = 50;

// Faults: gone (activity_expired, activity_deleted), not_found (activity_not_found).
task<result<thread>> read_thread(activity_store& activities, threads& threads,
                                 request_context context, uuid id, page_request replies);

}  // namespace cruddur
