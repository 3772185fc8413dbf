// How a feed writes its answers. A format knows the wire, a feed knows which posts, in which order
// and for whom: api/ gives the one to the other.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "domain/activity.hpp"

namespace cruddur {

// What a viewer has done with a post is a flag in its text; so many at most.
inline constexpr std::size_t most_feed_flags = 4;

// A post as text, and the places in it of what changes while it lives, counted from its first
// character.
struct rendered_activity {
  std::string text;
  std::size_t counts = 0;  // what feed_format::counts() gives
  std::size_t counts_length = 0;
  std::array<std::size_t, most_feed_flags> flags{};  // each flag's value, not set
};

// Thread-safe: it has no state.
class feed_format {
 public:
  virtual ~feed_format() = default;

  virtual rendered_activity render(const activity& post) const = 0;
  virtual std::string counts(const activity_counts& counts) const = 0;

  // A list is opening(), the posts' texts with separator() between, and closing().
  virtual std::string_view opening() const = 0;
  virtual std::string_view separator() const = 0;
  // `last`: the list's last post, when there is another page.
  virtual std::string closing(std::optional<uuid> last) const = 0;

  // The text of a flag that is set, as long as that of one that is not.
  virtual std::string_view set_flag() const = 0;
};

}  // namespace cruddur
