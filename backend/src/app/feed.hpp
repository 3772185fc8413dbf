// A feed's answers, assembled from posts that are held as text instead of by a query for each
// request.
//
// One mutex guards the window of the newest posts, the viewers' flags and the cached head. It is
// held to look up, to copy pointers and to exchange them, never over a suspension, and no text is
// made under it: posts are rendered and pages assembled and hashed before or after, from
// fragments that never change. What was made meanwhile is put in only if it is still the newest,
// which the row's revision tells of a post and a version number of the head.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/feed_cache.hpp"
#include "app/feed_page.hpp"
#include "app/feed_viewers.hpp"
#include "app/feed_window.hpp"
#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"
#include "ports/reactions.hpp"
#include "ports/timelines.hpp"

namespace cruddur {

// What makes one feed differ from another.
struct feed_source {
  // A page from the store.
  std::function<task<result<page<activity>>>(request_context, page_request)> read;
  // Whether an activity that was just posted belongs to it.
  std::function<bool(const activity&)> includes;
  // The reactions that are its flags, in the format's order; most_feed_flags at most.
  std::vector<reaction> flags = {reaction::like};
  // Whose posts a viewer does not see; empty: everybody sees all.
  std::function<task<result<hidden_authors>>(uuid viewer)> hidden = {};
};

// Everybody's roots.
feed_source home_of(timelines& timelines);

// Thread-safe.
class feed : public feed_cache {
 public:
  // All memory that grows with use; the least used goes first.
  struct bounds {
    // Roots held, and of them bytes, whatever their number.
    std::size_t window = 1'000;
    std::size_t bytes = 16 * 1024 * 1024;
    // Viewers whose marks are held, and marks of all of them (16 MB).
    std::size_t viewers = 4'000;
    std::size_t marks = 500'000;
    // Of a head, for viewers with flags in it, and bytes of all of those.
    std::size_t variants = 64;
    std::size_t variant_bytes = 4 * 1024 * 1024;
  };

  // What is held now.
  struct usage {
    // 1 while pages come from memory, 0 while from the store.
    std::size_t loaded;
    std::size_t posts;
    std::size_t viewers;
    std::size_t marks;
    // Of all that is held, about.
    std::size_t bytes;
  };

  // All that is given outlives it.
  feed(feed_source source, const feed_format& format, activity_store& activities,
       reactions& reactions, bounds limits);

  // Reads the window from the store, replacing what is held. Changes heard meanwhile are not lost.
  // Before the first load, and after suspend(), pages come from the store. A load that fails or
  // throws changes nothing.
  task<result<>> load(time_point now);

  // Too little is held to answer well: load() is due.
  bool wants_load();

  usage used();

  // wanted.limit ≤ 100. Where much is hidden from the viewer a page may be shorter than was asked
  // for and still not be the last.
  task<result<feed_page>> read(request_context context, page_request wanted);

  void suspend() override;
  task<result<>> refresh(uuid id, time_point now) override;
  void forget_viewer(uuid viewer) override;
  void on(const activity_event& event) override;

 private:
  // Marks a load as under way; forgets what was heard for it when it ends in any way.
  class load_mark;

  // The first page; one body for all who ask for it, however slowly they take it.
  struct kept_head {
    std::size_t limit = 0;
    page_pointer page;

    std::size_t bytes() const { return page ? page->plain.body->size() + page->variant_bytes : 0; }
  };

  page_pointer page_from_memory(const page_request& wanted, time_point now,
                                const hidden_authors& hidden);
  std::optional<feed_page> personal(const cached_page& page, uuid viewer);
  task<result<>> load_viewer(uuid viewer, time_point now);
  task<result<feed_page>> page_from_store(request_context context, page_request wanted,
                                          hidden_authors hidden);
  task<feed_window::fragments> make_fragments(std::vector<activity> rows);
  void put(fragment_pointer made);
  void recount(uuid id, const activity_counts& counts);
  void mark(const activity_reacted& event);
  void remove(uuid id);
  void remove_author(uuid author);

  // With mutex_ held.
  void forget_head();

  const feed_source source_;
  const feed_format& format_;
  activity_store& activities_;
  reactions& reactions_;
  const bounds bounds_;

  // Guards all below.
  std::mutex mutex_;
  feed_window window_;
  feed_viewers viewers_;
  bool answering_ = false;
  bool loading_ = false;
  std::uint64_t suspensions_ = 0;
  std::vector<fragment_pointer> heard_while_loading_;
  kept_head usual_head_;
  // Of the other length that was asked for last.
  kept_head other_head_;
  // Grows with each change of what a head is made of.
  std::uint64_t head_version_ = 0;
};

}  // namespace cruddur
