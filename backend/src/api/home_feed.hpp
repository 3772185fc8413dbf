// The home feed's answers, assembled from serialised activities in memory instead of by a query for
// each request.
//
// One mutex guards the window of the newest roots, the readers' likes and the cached head. It is
// held to look up, to copy pointers and to exchange them, never over a suspension, and no text is
// made under it: posts are serialised and pages assembled and hashed before or after, from
// fragments that never change. What was made meanwhile is put in only if it is still the newest,
// which the row's revision tells of a post and a version number of the head.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/feed_page.hpp"
#include "api/feed_viewers.hpp"
#include "api/feed_window.hpp"
#include "app/feed_cache.hpp"
#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"
#include "ports/reactions.hpp"
#include "ports/timelines.hpp"

namespace cruddur::api {

// Thread-safe.
class home_feed : public feed_cache {
 public:
  // All memory that grows with use; the least used goes first.
  struct bounds {
    // Roots held, and of them bytes, whatever their number.
    std::size_t window = 1'000;
    std::size_t bytes = 16 * 1024 * 1024;
    // Readers whose likes are held, and likes of all of them (16 MB).
    std::size_t viewers = 4'000;
    std::size_t marks = 500'000;
    // Of a head, for readers who like some of it, and bytes of all of those.
    std::size_t variants = 64;
    std::size_t variant_bytes = 4 * 1024 * 1024;
  };

  // What is held now.
  struct usage {
    std::size_t loaded;  // 1 while pages come from memory, 0 while from the store
    std::size_t posts;
    std::size_t viewers;
    std::size_t marks;
    std::size_t bytes;  // of all that is held, about
  };

  // The stores outlive it.
  home_feed(timelines& timelines, activity_store& activities, reactions& reactions, bounds limits);

  // Reads the window from the store, replacing what is held. Changes heard meanwhile are not lost.
  // Before the first load, and after suspend(), pages come from the store. A load that fails or
  // throws changes nothing.
  task<result<>> load(time_point now);

  // Too little is held to answer well: load() is due.
  bool wants_load();

  usage used();

  // limit ≤ 100.
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

  page_pointer page_from_memory(const page_request& wanted, time_point now);
  std::optional<feed_page> personal(const cached_page& page, uuid viewer);
  task<result<>> load_viewer(uuid viewer, time_point now);
  task<result<feed_page>> page_from_store(request_context context, page_request wanted);
  task<feed_window::fragments> make_fragments(std::vector<activity> rows);
  void put(fragment_pointer made);
  void recount(uuid id, const activity_counts& counts);
  void mark(const activity_reacted& event);
  void remove(uuid id);
  void remove_author(uuid author);

  // With mutex_ held.
  void forget_head();

  timelines& timelines_;
  activity_store& activities_;
  reactions& reactions_;
  const bounds bounds_;

  std::mutex mutex_;  // guards all below
  feed_window window_;
  feed_viewers viewers_;
  bool answering_ = false;
  bool loading_ = false;
  std::uint64_t suspensions_ = 0;
  std::vector<fragment_pointer> heard_while_loading_;
  kept_head usual_head_;
  kept_head other_head_;            // of the other length that was asked for last
  std::uint64_t head_version_ = 0;  // grows with each change of what a head is made of
};

}  // namespace cruddur::api
