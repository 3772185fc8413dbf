// A page of a feed, put together from fragments. Needs no lock: nothing that it reads changes.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/feed_format.hpp"
#include "app/feed_window.hpp"

namespace cruddur {

// A page as it is sent. Readers for whom it is the same share one.
struct feed_page {
  std::shared_ptr<const std::string> body;
  std::string etag;  // quoted; differs when the body does
};

// A set of flags: bit n is the feed's flag n.
using flag_mask = std::uint8_t;

struct cached_page {
  struct post {
    uuid id;
    // In the body.
    std::array<std::size_t, most_feed_flags> flags;
  };

  // No flag is set, as for visitors.
  feed_page plain;
  std::vector<post> posts;
  // The first expiry among them.
  time_point good_until;
  // By one flag_mask for each post; guarded by the feed, and bounded in bytes by it.
  mutable std::unordered_map<std::string, feed_page> variants;
  mutable std::size_t variant_bytes = 0;
};

using page_pointer = std::shared_ptr<const cached_page>;

page_pointer make_page(const feed_format& format, const feed_window::slice& slice);

// The page with flags set. `masks`: one flag_mask for each post.
feed_page make_variant(const feed_format& format, const cached_page& page,
                       const std::string& masks);

// Quoted. A page's body names its own version: the hash need not resist an attacker, only tell two
// bodies apart.
std::string etag_of(std::string_view body);

}  // namespace cruddur
