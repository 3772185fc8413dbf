// Keeps the feeds that several server processes hold in step: tells the peers what changed here,
// and reads what changed there.
#pragma once

#include <functional>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "app/feed_cache.hpp"
#include "base/clock.hpp"
#include "realtime/peers.hpp"

namespace cruddur::realtime {

class feed_sync : public activity_observer {
 public:
  // Subscribes to the peers. All that is given outlives the loop; changed activities are read on
  // it. `on_error` hears why one could not be read; the feed answers from the store then, until it
  // is loaded anew.
  feed_sync(peers& peers, feed_cache& feed, const clock& clock, boost::asio::any_io_executor loop,
            std::function<void(std::string_view)> on_error);

  void on(const activity_event& event) override;

 private:
  void take(const peer_message& message);
  void refresh(uuid id);

  peers& peers_;
  feed_cache& feed_;
  const clock& clock_;
  boost::asio::any_io_executor loop_;
  std::function<void(std::string_view)> on_error_;
};

}  // namespace cruddur::realtime
