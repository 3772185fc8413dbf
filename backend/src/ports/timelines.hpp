// Lists of roots, newest first.
#pragma once

#include "base/fault.hpp"
#include "base/task.hpp"
#include "domain/activity.hpp"
#include "domain/request_context.hpp"
#include "ports/page.hpp"

namespace cruddur {

// Every operation may give unavailable (database_unavailable). The cost of one is bounded by the
// page's limit, whatever others wrote.
class timelines {
 public:
  virtual ~timelines() = default;

  // Everybody's.
  virtual task<result<page<activity>>> home(request_context context, page_request wanted) = 0;

  virtual task<result<page<activity>>> by_author(request_context context, uuid author,
                                                 page_request wanted) = 0;
};

}  // namespace cruddur
