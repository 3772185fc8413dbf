// A post of a feed as the text that it has in an answer. Fragments never change: a new count makes
// a new one, so whoever holds a pointer may read it without a lock.
#pragma once

#include <memory>
#include <string>

#include "app/feed_format.hpp"
#include "domain/activity.hpp"

namespace cruddur {

struct feed_fragment {
  uuid id;
  uuid author;
  time_point expires_at;
  activity_counts counts;
  // The author's, to tell whether they changed.
  std::string handle;
  std::string display_name;
  // No flag is set, as for visitors.
  rendered_activity rendered;

  // How much memory it takes, about.
  std::size_t bytes() const;
};

using fragment_pointer = std::shared_ptr<const feed_fragment>;

fragment_pointer make_fragment(const feed_format& format, activity post);

// The same post with other counts; the text is patched, not made anew.
fragment_pointer recounted(const feed_format& format, const feed_fragment& old,
                           const activity_counts& counts);

// Whether the fragment is what make_fragment() would make of the row.
bool is_made_of(const feed_fragment& fragment, const activity& row);

}  // namespace cruddur
