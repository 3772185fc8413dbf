// A page of the home feed, put together from fragments. Needs no lock: nothing that it reads
// changes.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/feed_window.hpp"
#include "http/message.hpp"

namespace cruddur::api {

struct feed_page {
  http::body_bytes body;
  std::string etag;  // quoted; differs when the body does
};

// A page as one reader sees it. Readers who like the same of its posts share it.
struct page_variant {
  std::shared_ptr<const std::string> body;
  std::string etag;  // quoted
};

struct cached_page {
  page_variant plain;                                  // nothing liked, as for visitors
  std::vector<std::pair<uuid, std::size_t>> liked_at;  // of each post, where in the body
  time_point good_until;                               // the first expiry among them
  // By '1' or '0' for each post; guarded by home_feed, and bounded in bytes by it.
  mutable std::unordered_map<std::string, page_variant> variants;
  mutable std::size_t variant_bytes = 0;
};

using page_pointer = std::shared_ptr<const cached_page>;

page_pointer make_page(const feed_window::slice& slice);

// The page with the likes written over it. `liked`: '1' or '0' for each post.
page_variant make_variant(const cached_page& page, const std::string& liked);

// Quoted. A page's body names its own version: the hash need not resist an attacker, only tell two
// bodies apart.
std::string etag_of(std::string_view body);

}  // namespace cruddur::api
