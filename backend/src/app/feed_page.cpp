#include "app/feed_page.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cruddur {

std::string etag_of(std::string_view body) {
  return fmt::format("\"{:x}-{:x}\"", std::hash<std::string_view>{}(body), body.size());
}

page_pointer make_page(const feed_format& format, const feed_window::slice& slice) {
  auto out = std::make_shared<cached_page>();
  out->good_until = time_point::max();
  out->posts.reserve(slice.posts.size());
  std::string body{format.opening()};
  for (const fragment_pointer& each : slice.posts) {
    if (!out->posts.empty()) body += format.separator();
    cached_page::post post{each->id, each->rendered.flags};
    for (std::size_t& place : post.flags) place += body.size();
    out->posts.push_back(post);
    body += each->rendered.text;
    out->good_until = std::min(out->good_until, each->expires_at);
  }
  body += format.closing(slice.more ? std::optional{slice.posts.back()->id} : std::nullopt);
  out->plain.etag = etag_of(body);
  out->plain.body = std::make_shared<const std::string>(std::move(body));
  return out;
}

feed_page make_variant(const feed_format& format, const cached_page& page,
                       const std::string& masks) {
  const std::string_view set = format.set_flag();
  std::string body = *page.plain.body;
  for (std::size_t i = 0; i < page.posts.size(); ++i) {
    const auto mask = static_cast<flag_mask>(masks[i]);
    for (std::size_t flag = 0; flag < most_feed_flags; ++flag) {
      if ((mask >> flag & 1U) != 0) body.replace(page.posts[i].flags[flag], set.size(), set);
    }
  }
  std::string etag = etag_of(body);
  return {std::make_shared<const std::string>(std::move(body)), std::move(etag)};
}

}  // namespace cruddur
