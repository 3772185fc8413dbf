// A post of the home feed as the text that it has in an answer. Fragments never change: a new count
// makes a new one, so whoever holds a pointer may read it without a lock.
#pragma once

#include <memory>
#include <string>

#include "api/activity_json.hpp"
#include "domain/activity.hpp"

namespace cruddur::api {

struct feed_fragment {
  uuid id;
  time_point expires_at;
  activity_counts counts;
  std::string handle;        // the author's, to tell whether it changed
  std::string display_name;  // likewise
  std::string json;          // not liked, as for visitors
  activity_places places;    // in json

  // How much memory it takes, about.
  std::size_t bytes() const;
};

using fragment_pointer = std::shared_ptr<const feed_fragment>;

fragment_pointer make_fragment(activity what);

// The same post with other counts; the text is patched, not made anew.
fragment_pointer recounted(const feed_fragment& old, const activity_counts& counts);

// Whether the fragment is what make_fragment(row) would give.
bool is_made_of(const feed_fragment& fragment, const activity& row);

}  // namespace cruddur::api
