// Which posts of the home feed its readers like: the readers seen last, within a bound on readers
// and one on marks. Not thread-safe: home_feed guards it.
#pragma once

#include <list>
#include <unordered_map>
#include <vector>

#include "base/uuid.hpp"

namespace cruddur::api {

class feed_viewers {
 public:
  // Of the likes heard for one post the one with the greatest revision holds.
  struct mark {
    uuid id;
    std::int64_t revision;
    bool liked;
  };
  struct viewer {
    uuid id;
    bool loaded = false;
    uuid floor;               // what was loaded reaches down to here
    std::uint64_t birth = 0;  // tells a reader that was dropped and came back from the one before
    std::vector<mark> marks;  // by id

    bool likes(uuid post) const;
  };

  // `most_marks`: in total, the room that a reader's list keeps free included.
  feed_viewers(std::size_t most_viewers, std::size_t most_marks)
      : most_viewers_{most_viewers}, most_marks_{most_marks} {}

  // The reader, as the one seen last; the one not seen for longest makes room.
  viewer& touch(uuid id);

  // Notes a like of a reader who is held. Who gets more than `most` marks is dropped.
  void note(uuid id, mark made, std::size_t most);

  // Adds what was read of the store below what was heard. The reader is the one seen last.
  void load(viewer& reader, std::vector<uuid> liked, uuid floor);

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
  std::list<viewer> list_;  // last seen first
  std::unordered_map<uuid, std::list<viewer>::iterator> by_id_;
  std::size_t marks_ = 0;
  std::uint64_t births_ = 0;
};

}  // namespace cruddur::api
