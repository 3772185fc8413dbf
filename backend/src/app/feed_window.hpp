// The newest posts that a feed holds. Not thread-safe: the feed guards it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/feed_fragment.hpp"
#include "ports/page.hpp"

namespace cruddur {

// The authors whose posts a viewer does not see; null for nobody.
using hidden_authors = std::shared_ptr<const std::unordered_set<uuid>>;

// Remembers a bounded number of things by id, forgetting the oldest.
template <class T>
class recent {
 public:
  void put(uuid id, T value) {
    const auto [position, is_new] = by_id_.insert_or_assign(id, std::move(value));
    if (!is_new) return;
    order_.push_back(id);
    if (order_.size() <= limit) return;
    by_id_.erase(order_.front());
    order_.pop_front();
  }

  const T* find(uuid id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t limit = 4'096;
  std::unordered_map<uuid, T> by_id_;
  std::deque<uuid> order_;
};

class feed_window {
 public:
  using fragments = std::map<uuid, fragment_pointer, std::greater<>>;  // newest first

  feed_window(std::size_t most_posts, std::size_t most_bytes)
      : most_posts_{most_posts}, most_bytes_{most_bytes} {}

  // What a new fragment met.
  struct put_outcome {
    bool changed;                         // it is held now
    std::optional<activity_counts> news;  // heard before it and newer: put it again with these
  };
  put_outcome put(const fragment_pointer& made);

  // Counts of what may not be held yet; put() finds them.
  void remember(uuid id, const activity_counts& counts);

  // False when it was not held. It can't be put again.
  bool remove(uuid id);

  // Exchanges all that is held. `made` holds every live post from `floor` on; what was removed
  // lately stays removed. Gives what was held.
  fragments replace(fragments made, uuid floor);

  fragment_pointer find(uuid id) const;
  std::vector<fragment_pointer> all() const;

  // Of the live ones after `after` whose authors are not hidden at most `limit`; `complete` when
  // nothing older can follow them unseen.
  struct slice {
    std::vector<fragment_pointer> posts;
    bool more = false;
    bool complete = false;
  };
  slice read(const page_request& wanted, time_point now, const hidden_authors& hidden) const;

  // Every live post from this id on is held.
  uuid floor() const { return floor_; }
  std::size_t posts() const { return held_.size(); }
  std::size_t bytes() const { return bytes_; }
  bool is_low() const;

 private:
  void trim();

  const std::size_t most_posts_;
  const std::size_t most_bytes_;
  fragments held_;
  uuid floor_;
  std::size_t bytes_ = 0;
  // So that a late event of a removed one doesn't bring it back.
  recent<bool> removed_;
  recent<activity_counts> early_counts_;
};

}  // namespace cruddur
