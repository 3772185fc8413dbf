#include "api/feed_json.hpp"

#include "api/activity_json.hpp"

namespace cruddur::api {

rendered_activity feed_json::render(const activity& post) const {
  rendered_activity out;
  const activity_places places = append_activity(out.text, post);
  out.counts = places.counts;
  out.counts_length = places.counts_length;
  out.flags[0] = places.liked;
  return out;
}

std::string feed_json::counts(const activity_counts& counts) const {
  std::string out;
  append_counts(out, counts);
  return out;
}

std::string_view feed_json::opening() const {
  return "{\"data\":[";
}

std::string_view feed_json::separator() const {
  return ",";
}

std::string feed_json::closing(std::optional<uuid> last) const {
  std::string out;
  append_list_end(out, last ? make_cursor(list_kind::roots, *last) : std::string{});
  return out;
}

std::string_view feed_json::set_flag() const {
  return liked_true;
}

}  // namespace cruddur::api
