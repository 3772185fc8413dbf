#include "app/feed_fragment.hpp"

namespace cruddur {

std::size_t feed_fragment::bytes() const {
  constexpr std::size_t nodes = 128;  // the map's, the shared pointer's, the allocator's
  return sizeof(feed_fragment) + nodes + rendered.text.capacity() + handle.size() +
         display_name.size();
}

fragment_pointer make_fragment(const feed_format& format, activity post) {
  post.liked = false;
  auto made = std::make_shared<feed_fragment>();
  made->id = post.id;
  made->author = post.author;
  made->expires_at = post.expires_at;
  made->counts = post.counts;
  made->rendered = format.render(post);
  made->rendered.text.shrink_to_fit();
  made->handle = std::move(post.handle);
  made->display_name = std::move(post.display_name);
  return made;
}

fragment_pointer recounted(const feed_format& format, const feed_fragment& old,
                           const activity_counts& counts) {
  const std::string text = format.counts(counts);
  auto made = std::make_shared<feed_fragment>(old);
  made->counts = counts;
  rendered_activity& rendered = made->rendered;
  rendered.text.replace(rendered.counts, rendered.counts_length, text);
  for (std::size_t& place : rendered.flags) {
    if (place > rendered.counts) place = place + text.size() - rendered.counts_length;
  }
  rendered.counts_length = text.size();
  return made;
}

bool is_made_of(const feed_fragment& fragment, const activity& row) {
  return fragment.id == row.id && fragment.counts.revision == row.counts.revision &&
         fragment.expires_at == row.expires_at && fragment.handle == row.handle &&
         fragment.display_name == row.display_name;
}

}  // namespace cruddur
