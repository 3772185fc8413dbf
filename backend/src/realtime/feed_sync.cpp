#include "realtime/feed_sync.hpp"

#include <utility>

#include "base/visitor.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::realtime {
namespace {

task<> refresh_activity(feed_cache& feed, const clock& clock, uuid id) {
  if (!co_await feed.refresh(id, clock.now())) feed.suspend();
}

}  // namespace

feed_sync::feed_sync(peers& peers, feed_cache& feed, const clock& clock,
                     boost::asio::any_io_executor loop,
                     std::function<void(std::string_view)> on_error)
    : peers_{peers},
      feed_{feed},
      clock_{clock},
      loop_{std::move(loop)},
      on_error_{std::move(on_error)} {
  // Around a time without messages what the feed holds may be old; its loader brings it back.
  peers_.subscribe({.on_message = [this](const peer_message& message) { take(message); },
                    .on_connect = [&feed] { feed.suspend(); },
                    .on_disconnect = [&feed] { feed.suspend(); }});
}

void feed_sync::on(const activity_event& event) {
  std::visit(
      visitor{
          [this](const activity_posted& each) {
            if (!each.posted.root) peers_.publish(activity_changed{each.posted.id});
          },
          [this](const activity_counted& each) { peers_.publish(activity_changed{each.id}); },
          [this](const activity_reacted& each) { peers_.publish(viewer_changed{each.person}); },
          [this](const activity_removed& each) { peers_.publish(activity_changed{each.id}); },
          [this](const cruddur::author_removed& each) { peers_.publish(author_removed{each.id}); }},
      event);
}

void feed_sync::take(const peer_message& message) {
  if (const auto* changed = std::get_if<activity_changed>(&message)) {
    refresh(changed->id);
  } else if (const auto* viewer = std::get_if<viewer_changed>(&message)) {
    feed_.forget_viewer(viewer->id);
  } else if (const auto* author = std::get_if<author_removed>(&message)) {
    feed_.on(cruddur::author_removed{author->id});
  }
}

void feed_sync::refresh(uuid id) {
  runtime::spawn(loop_, refresh_activity(feed_, clock_, id),
                 [&feed = feed_, on_error = on_error_](std::string_view reason) {
                   feed.suspend();
                   on_error(reason);
                 });
}

}  // namespace cruddur::realtime
