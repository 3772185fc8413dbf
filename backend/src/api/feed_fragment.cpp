#include "api/feed_fragment.hpp"

namespace cruddur::api {

std::size_t feed_fragment::bytes() const {
  constexpr std::size_t nodes = 128;  // the map's, the shared pointer's, the allocator's
  return sizeof(feed_fragment) + nodes + json.capacity() + handle.size() + display_name.size();
}

fragment_pointer make_fragment(activity what) {
  what.liked = false;
  auto made = std::make_shared<feed_fragment>();
  made->id = what.id;
  made->expires_at = what.expires_at;
  made->counts = what.counts;
  made->places = append_activity(made->json, what);
  made->json.shrink_to_fit();
  made->handle = std::move(what.handle);
  made->display_name = std::move(what.display_name);
  return made;
}

fragment_pointer recounted(const feed_fragment& old, const activity_counts& counts) {
  std::string text;
  append_counts(text, counts);
  auto made = std::make_shared<feed_fragment>(old);
  made->counts = counts;
  made->json.replace(old.places.counts, old.places.counts_length, text);
  made->places.liked = old.places.liked + text.size() - old.places.counts_length;
  made->places.counts_length = text.size();
  return made;
}

bool is_made_of(const feed_fragment& fragment, const activity& row) {
  return fragment.id == row.id && fragment.counts.revision == row.counts.revision &&
         fragment.expires_at == row.expires_at && fragment.handle == row.handle &&
         fragment.display_name == row.display_name;
}

}  // namespace cruddur::api
