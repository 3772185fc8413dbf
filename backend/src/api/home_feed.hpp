// The home feed's answers, assembled from serialised activities in memory instead of by a query for
// each request.
//
// It holds the newest roots, each as the JSON it has in an answer, and hears of every change. A
// page is their concatenation, kept until something in it changes or expires; a signed-in reader's
// answer is a copy of it with the reader's likes written over the fixed-width "liked" values. What
// is older than its window comes from the store.
#pragma once

#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/activity_observer.hpp"
#include "app/request_context.hpp"
#include "http/message.hpp"
#include "ports/activity_store.hpp"

namespace cruddur::api {

struct feed_page {
  http::body_bytes body;
  std::string etag;  // quoted; differs when the body does
};

// Thread-safe.
class home_feed : public activity_observer {
 public:
  struct bounds {
    std::size_t window = 1'000;  // roots held
    std::size_t viewers =
        4'000;  // readers whose likes are held; beyond it the one not seen for longest is dropped
  };

  home_feed(activity_store& store, bounds limits);

  // Reads the window from the store, replacing what is held. Changes heard meanwhile are not lost.
  // Before the first load, and after suspend(), pages come from the store.
  task<result<>> load(time_point now);

  // Stops answering from memory: another process may change things unheard.
  void suspend();

  // Too little is held to answer well: load() is due.
  bool wants_load();

  // limit ≤ 100.
  task<result<feed_page>> page(request_context context, page_request which);

  // Another process changed this activity, or this reader's likes.
  task<result<>> refresh(uuid id, time_point now);
  void forget_viewer(uuid who);

  void posted(const activity& what) override;
  void counted(uuid id, const activity_counts& counts) override;
  void liked(uuid id, uuid by, bool liked, std::int64_t revision) override;
  void removed(uuid id) override;
  void author_removed(uuid who) override;

 private:
  struct entry {
    activity what;
    std::string json;
    std::size_t liked_at;  // where in json the reader's "liked" stands
  };

  // A page as one reader sees it. Readers who like the same of its posts share it.
  struct variant {
    std::shared_ptr<const std::string> body;
    std::string etag;  // quoted
  };
  struct cached_page {
    variant plain;                                       // nothing liked, as for visitors
    std::vector<std::pair<uuid, std::size_t>> liked_at;  // of each activity, where in body
    time_point good_until;                               // the first expiry among them
    // By '1' or '0' for each activity; guarded by mutex_.
    mutable std::unordered_map<std::string, variant> variants;
  };

  // Of the likes heard for one activity the one with the greatest revision holds.
  struct mark {
    bool liked;
    std::int64_t revision;
  };
  struct viewer_likes {
    uuid who;
    bool loaded = false;
    std::uint64_t birth =
        0;  // of this entry, so that a reading for an earlier one is not taken for it
    std::unordered_map<uuid, mark> marks;
  };

  // Remembers a bounded number of things by id, forgetting the oldest.
  template <class T>
  class recent {
   public:
    void put(uuid id, T what);
    const T* find(uuid id) const;

   private:
    std::unordered_map<uuid, T> by_id_;
    std::deque<uuid> order_;
  };

  using page_pointer = std::shared_ptr<const cached_page>;

  page_pointer page_from_memory(const page_request& which, time_point now);
  page_pointer assemble(const page_request& which, time_point now) const;
  std::optional<feed_page> personal(const cached_page& page, uuid viewer);
  task<result<>> load_viewer(uuid who, time_point now);
  task<result<feed_page>> page_from_store(request_context context, page_request which);

  // With mutex_ held.
  void insert(activity what);
  void drop(uuid id);
  void trim();
  viewer_likes& touch_viewer(uuid who);
  void drop_viewer(uuid who);
  void drop_viewers();

  activity_store& store_;
  const bounds bounds_;

  std::mutex mutex_;  // guards all below; held for microseconds, never over a suspension
  std::map<uuid, entry, std::greater<>> entries_;  // newest first
  uuid floor_;                                     // every live root from this id on is in entries_
  bool answering_ = false;
  bool loading_ = false;
  std::uint64_t suspensions_ = 0;
  std::vector<activity> heard_while_loading_;
  recent<bool> removed_;  // so that a late word of a removed one doesn't bring it back
  recent<activity_counts> early_counts_;  // heard before the activity itself
  page_pointer head_;                     // the first page, of the usual length
  std::uint64_t births_ = 0;
  std::list<viewer_likes> viewers_;  // last seen first
  std::unordered_map<uuid, std::list<viewer_likes>::iterator> viewer_of_;
};

}  // namespace cruddur::api
