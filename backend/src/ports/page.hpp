#pragma once

#include <optional>
#include <vector>

#include "base/uuid.hpp"

namespace cruddur {

// Where a page of a list begins and how long it may be. Lists of roots run from new to old, replies
// from old to new.
struct page_request {
  std::optional<uuid> cursor;  // the last activity of the page before; nothing for the first page
  std::size_t limit = 20;
};

template <class T>
struct page {
  std::vector<T> rows;  // at most as many as were asked for
  bool more = false;    // there are further ones
};

}  // namespace cruddur
