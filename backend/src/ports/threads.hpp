// What stands above and below an activity.
#pragma once

#include <vector>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/activity.hpp"
#include "domain/request_context.hpp"
#include "ports/page.hpp"

namespace cruddur {

// How much of a tree of replies one reading gives.
struct tree_bounds {
  std::size_t depth;     // levels
  std::size_t children;  // replies to each reply; the first level is bounded by the page's limit
  std::size_t rows;      // in all
};

struct tree_reply {
  activity reply;
  bool answered;  // replies stand below it, tombstones among them
};

// Every operation may give unavailable (database_unavailable).
class threads {
 public:
  virtual ~threads() = default;

  // The chain above an activity, root first, at most `limit` of the nearest.
  virtual task<result<std::vector<activity>>> ancestors(request_context context, uuid id,
                                                        std::size_t limit) = 0;

  // A page of the direct replies to `parent`, tombstones among them, and what stands below those
  // within the bounds: nearer levels first, oldest first within one. Of the replies to one parent
  // the oldest come. The cost is bounded by the bounds, however many replies there are.
  virtual task<result<std::vector<tree_reply>>> reply_tree(request_context context, uuid parent,
                                                           page_request wanted,
                                                           tree_bounds bounds) = 0;
};

}  // namespace cruddur
