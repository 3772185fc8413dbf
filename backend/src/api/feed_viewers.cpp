#include "api/feed_viewers.hpp"

#include <algorithm>

namespace cruddur::api {
namespace {

auto place_of(std::vector<feed_viewers::mark>& marks, uuid id) {
  return std::ranges::lower_bound(marks, id, {}, &feed_viewers::mark::id);
}

}  // namespace

bool feed_viewers::viewer::likes(uuid post) const {
  const auto at = std::ranges::lower_bound(marks, post, {}, &mark::id);
  return at != marks.end() && at->id == post && at->liked;
}

feed_viewers::viewer& feed_viewers::touch(uuid id) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) {
    list_.splice(list_.begin(), list_, found->second);
    return list_.front();
  }
  if (list_.size() >= most_viewers_) drop_last();
  list_.push_front({.id = id, .loaded = false, .floor = {}, .birth = ++births_, .marks = {}});
  by_id_[id] = list_.begin();
  return list_.front();
}

void feed_viewers::note(uuid id, mark made, std::size_t most) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  auto& marks = found->second->marks;
  const auto at = place_of(marks, made.id);
  if (at != marks.end() && at->id == made.id) {
    if (at->revision < made.revision) *at = made;
    return;
  }
  if (marks.size() >= most) {  // mostly of replies, and of what left the window
    drop(id);
    return;
  }
  const std::size_t before = marks.capacity();
  marks.insert(at, made);
  marks_ += marks.capacity() - before;
  make_room();
}

void feed_viewers::load(viewer& reader, std::vector<uuid> liked, uuid floor) {
  std::vector<mark> merged;
  merged.reserve(liked.size() + reader.marks.size());
  for (const uuid& each : liked) {
    const auto at = place_of(reader.marks, each);
    if (at == reader.marks.end() || at->id != each) merged.push_back({each, 0, true});
  }
  merged.insert(merged.end(), reader.marks.begin(), reader.marks.end());
  std::ranges::sort(merged, {}, &mark::id);
  merged.shrink_to_fit();
  marks_ += merged.capacity();
  marks_ -= reader.marks.capacity();
  reader.marks = std::move(merged);
  reader.floor = floor;
  reader.loaded = true;
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

}  // namespace cruddur::api
