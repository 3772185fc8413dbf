// The other server processes on the same database: tells them what changed here, and takes up what
// changed there. A message is a kind, ':' and a uuid: "a" an activity, "v" a viewer's likes, "u" an
// author's everything; or "s", sessions were revoked.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "adapters/sql/doorbell.hpp"
#include "api/home_feed.hpp"
#include "app/activity_observer.hpp"

namespace cruddur {

class neighbours : public activity_observer {
 public:
  struct heard {
    api::home_feed& feed;
    const clock& time;
    boost::asio::io_context& loop;  // where refreshed activities are read
    std::function<void()> on_sessions_revoked;
    std::function<void(std::string_view)> on_error;  // a refresh failed, for the reason given
  };

  // All must outlive it.
  neighbours(sql::doorbell& bell, heard to);

  // Once, when all that `heard` uses is there.
  void listen();

  void sessions_revoked() { bell_.ring("s"); }

  // Whether what others do is heard; until then the feed must not answer from memory.
  bool listening() const { return listening_.load(std::memory_order_acquire); }

  void posted(const activity& what) override;
  void counted(uuid id, const activity_counts& counts) override;
  void liked(uuid id, uuid by, bool liked, std::int64_t revision) override;
  void removed(uuid id) override;
  void author_removed(uuid who) override;

 private:
  void hear(std::string_view message);

  sql::doorbell& bell_;
  heard to_;
  std::atomic<bool> listening_{false};
};

}  // namespace cruddur
