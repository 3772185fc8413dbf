#include "app/feed_viewers.hpp"

#include <algorithm>

namespace cruddur {
namespace {

auto key_of(const feed_viewers::mark& mark) {
  return std::pair{mark.id, mark.flag};
}

auto place_of(std::vector<feed_viewers::mark>& marks, uuid id, std::uint8_t flag) {
  return std::ranges::lower_bound(marks, std::pair{id, flag}, {}, key_of);
}

}  // namespace

flag_mask feed_viewers::viewer::mask_of(uuid post) const {
  flag_mask mask = 0;
  auto position = std::ranges::lower_bound(marks, post, {}, &mark::id);
  for (; position != marks.end() && position->id == post; ++position) {
    if (position->is_set) mask = static_cast<flag_mask>(mask | 1U << position->flag);
  }
  return mask;
}

feed_viewers::viewer& feed_viewers::touch(uuid id) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) {
    list_.splice(list_.begin(), list_, found->second);
    return list_.front();
  }
  if (list_.size() >= most_viewers_) drop_last();
  list_.push_front(
      {.id = id, .is_loaded = false, .floor = {}, .generation = ++generations_, .marks = {}});
  by_id_[id] = list_.begin();
  return list_.front();
}

void feed_viewers::note(uuid id, mark made, std::size_t most) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  auto& marks = found->second->marks;
  const auto position = place_of(marks, made.id, made.flag);
  if (position != marks.end() && key_of(*position) == key_of(made)) {
    if (position->revision < made.revision) *position = made;
    return;
  }
  if (marks.size() >= most) {  // mostly of replies, and of what left the window
    drop(id);
    return;
  }
  const std::size_t capacity = marks.capacity();
  marks.insert(position, made);
  marks_ += marks.capacity() - capacity;
  make_room();
}

void feed_viewers::load(viewer& loaded, const std::vector<std::vector<uuid>>& posts, uuid floor) {
  std::vector<mark> merged = loaded.marks;
  for (std::size_t index = 0; index < posts.size(); ++index) {
    const auto flag = static_cast<std::uint8_t>(index);
    for (const uuid& each : posts[index]) {
      const auto position = place_of(loaded.marks, each, flag);
      if (position != loaded.marks.end() && position->id == each && position->flag == flag)
        continue;
      merged.push_back({.id = each, .revision = 0, .flag = flag, .is_set = true});
    }
  }
  std::ranges::sort(merged, {}, key_of);
  merged.shrink_to_fit();
  marks_ += merged.capacity();
  marks_ -= loaded.marks.capacity();
  loaded.marks = std::move(merged);
  loaded.floor = floor;
  loaded.is_loaded = true;
  make_room();
}

void feed_viewers::drop(uuid id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  marks_ -= found->second->marks.capacity();
  list_.erase(found->second);
  by_id_.erase(found);
}

void feed_viewers::clear() {
  by_id_.clear();
  list_.clear();
  marks_ = 0;
}

std::size_t feed_viewers::bytes() const {
  constexpr std::size_t nodes = 128;  // of list and map, and what the allocator adds
  return list_.size() * (sizeof(viewer) + nodes) + marks_ * sizeof(mark);
}

void feed_viewers::drop_last() {
  drop(uuid{list_.back().id});
}

void feed_viewers::make_room() {
  while (marks_ > most_marks_ && list_.size() > 1) drop_last();
}

}  // namespace cruddur
