#include "api/feed_page.hpp"

#include <fmt/format.h>

namespace cruddur::api {

std::string etag_of(std::string_view body) {
  return fmt::format("\"{:x}-{:x}\"", std::hash<std::string_view>{}(body), body.size());
}

page_pointer make_page(const feed_window::slice& slice) {
  auto out = std::make_shared<cached_page>();
  out->good_until = time_point::max();
  std::string body = "{\"data\":[";
  for (const fragment_pointer& each : slice.posts) {
    if (!out->liked_at.empty()) body += ',';
    out->liked_at.emplace_back(each->id, body.size() + each->places.liked);
    body += each->json;
    out->good_until = std::min(out->good_until, each->expires_at);
  }
  append_list_end(
      body, slice.more ? make_cursor(list_kind::roots, slice.posts.back()->id) : std::string{});
  out->plain.etag = etag_of(body);
  out->plain.body = std::make_shared<const std::string>(std::move(body));
  return out;
}

page_variant make_variant(const cached_page& page, const std::string& liked) {
  std::string body = *page.plain.body;
  for (std::size_t i = 0; i < page.liked_at.size(); ++i) {
    if (liked[i] == '1') body.replace(page.liked_at[i].second, liked_true.size(), liked_true);
  }
  std::string etag = etag_of(body);
  return {std::make_shared<const std::string>(std::move(body)), std::move(etag)};
}

}  // namespace cruddur::api
