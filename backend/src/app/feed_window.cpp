#include "app/feed_window.hpp"

#include <iterator>

namespace cruddur {

feed_window::put_outcome feed_window::put(const fragment_pointer& made) {
  if (made->id < floor_ || removed_.find(made->id) != nullptr) return {false, {}};
  if (const auto* early = early_counts_.find(made->id);
      early != nullptr && early->revision > made->counts.revision) {
    return {false, *early};
  }
  auto& held = held_[made->id];
  if (held) {
    if (held->counts.revision >= made->counts.revision) return {false, {}};
    bytes_ -= held->bytes();
  }
  held = made;
  bytes_ += made->bytes();
  trim();
  return {true, {}};
}

void feed_window::remember(uuid id, const activity_counts& counts) {
  const auto* early = early_counts_.find(id);
  if (early == nullptr || early->revision < counts.revision) early_counts_.put(id, counts);
}

bool feed_window::remove(uuid id) {
  removed_.put(id, true);
  const auto found = held_.find(id);
  if (found == held_.end()) return false;
  bytes_ -= found->second->bytes();
  held_.erase(found);
  return true;
}

feed_window::fragments feed_window::replace(fragments made, uuid floor) {
  std::swap(held_, made);
  floor_ = floor;
  bytes_ = 0;
  for (auto position = held_.begin(); position != held_.end();) {
    if (removed_.find(position->first) != nullptr) {
      position = held_.erase(position);
      continue;
    }
    bytes_ += position->second->bytes();
    ++position;
  }
  trim();
  return made;
}

fragment_pointer feed_window::find(uuid id) const {
  const auto found = held_.find(id);
  return found == held_.end() ? nullptr : found->second;
}

std::vector<fragment_pointer> feed_window::all() const {
  std::vector<fragment_pointer> out;
  out.reserve(held_.size());
  for (const auto& [id, each] : held_) out.push_back(each);
  return out;
}

feed_window::slice feed_window::read(const page_request& wanted, time_point now,
                                     const hidden_authors& hidden) const {
  slice out;
  out.posts.reserve(wanted.limit);
  auto position = wanted.cursor ? held_.upper_bound(*wanted.cursor) : held_.begin();
  for (; position != held_.end(); ++position) {
    if (position->second->expires_at <= now) continue;
    if (hidden && hidden->contains(position->second->author)) continue;
    out.more = out.posts.size() == wanted.limit;
    if (out.more) break;
    out.posts.push_back(position->second);
  }
  out.complete = out.more || floor_.is_nil();
  return out;
}

bool feed_window::is_low() const {
  return !floor_.is_nil() && held_.size() < most_posts_ / 2 && bytes_ < most_bytes_ / 2;
}

void feed_window::trim() {
  while (held_.size() > 1 && (held_.size() > most_posts_ || bytes_ > most_bytes_)) {
    const auto oldest = std::prev(held_.end());
    bytes_ -= oldest->second->bytes();
    held_.erase(oldest);
    floor_ = std::prev(held_.end())->first;
  }
}

}  // namespace cruddur
