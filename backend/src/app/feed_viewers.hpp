// Which flags of a feed's posts are set for its viewers: the viewers seen last, within a bound on
// viewers and one on marks. Not thread-safe: the feed guards it.
#pragma once

#include <list>
#include <unordered_map>
#include <vector>

#include "app/feed_page.hpp"
#include "base/uuid.hpp"

namespace cruddur {

class feed_viewers {
 public:
  // A flag of a post. Of several heard for one flag the one with the greatest revision holds.
  struct mark {
    uuid id;
    std::int64_t revision;
    std::uint8_t flag;
    bool is_set;
  };
  struct viewer {
    uuid id;
    bool is_loaded = false;
    // What was loaded reaches down to here.
    uuid floor;
    // Tells a viewer that was dropped and came back from the one before.
    std::uint64_t generation = 0;
    // By id and flag.
    std::vector<mark> marks;

    flag_mask mask_of(uuid post) const;
  };

  // `most_marks`: in total, the room that a viewer's list keeps free included.
  feed_viewers(std::size_t most_viewers, std::size_t most_marks)
      : most_viewers_{most_viewers}, most_marks_{most_marks} {}

  // The viewer, as the one seen last; the one not seen for longest makes room.
  viewer& touch(uuid id);

  // Notes a mark of a viewer who is held. Who gets more than `most` marks is dropped.
  void note(uuid id, mark made, std::size_t most);

  // Adds what was read of the store below what was heard. The viewer is the one seen last.
  // `posts`: for each flag those for which it is set.
  void load(viewer& loaded, const std::vector<std::vector<uuid>>& posts, uuid floor);

  void drop(uuid id);
  void clear();

  std::size_t viewers() const { return list_.size(); }
  std::size_t marks() const { return marks_; }
  std::size_t bytes() const;

 private:
  void drop_last();
  void make_room();

  const std::size_t most_viewers_;
  const std::size_t most_marks_;
  // Last seen first.
  std::list<viewer> list_;
  std::unordered_map<uuid, std::list<viewer>::iterator> by_id_;
  std::size_t marks_ = 0;
  std::uint64_t generations_ = 0;
};

}  // namespace cruddur
