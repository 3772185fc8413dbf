#include "main/neighbours.hpp"

#include "runtime/spawn.hpp"

namespace cruddur {

neighbours::neighbours(sql::doorbell& bell, heard to) : bell_{bell}, to_{std::move(to)} {}

void neighbours::listen() {
  bell_.listen({.on_ring = [this](std::string_view message) { hear(message); },
                .on_connect =
                    [this] {
                      to_.feed.suspend();  // what it holds may be old; its loader brings it back
                      to_.on_sessions_revoked();
                      listening_.store(true, std::memory_order_release);
                    },
                .on_disconnect =
                    [this] {
                      listening_.store(false, std::memory_order_release);
                      to_.feed.suspend();
                    }});
}

void neighbours::posted(const activity& what) {
  if (!what.root) bell_.ring("a:" + to_string(what.id));
}

void neighbours::counted(uuid id, const activity_counts&) {
  bell_.ring("a:" + to_string(id));
}

void neighbours::liked(uuid, uuid by, bool, std::int64_t) {
  bell_.ring("v:" + to_string(by));
}

void neighbours::removed(uuid id) {
  bell_.ring("a:" + to_string(id));
}

void neighbours::author_removed(uuid who) {
  bell_.ring("u:" + to_string(who));
}

void neighbours::hear(std::string_view message) {
  if (message == "s") {
    to_.on_sessions_revoked();
    return;
  }
  const auto id = message.size() > 2 ? parse_uuid(message.substr(2)) : std::nullopt;
  if (!id) return;
  switch (message.front()) {
    case 'a': {
      const auto refresh = [](api::home_feed& feed, const clock& time, uuid which) -> task<> {
        if (!co_await feed.refresh(which, time.now())) feed.suspend();
      };
      // Whatever the failure: what the feed holds of it may be old now.
      runtime::spawn(to_.loop.get_executor(), refresh(to_.feed, to_.time, *id),
                     [heard = to_](std::string_view reason) {
                       heard.feed.suspend();
                       heard.on_error(reason);
                     });
      break;
    }
    case 'v':
      to_.feed.forget_viewer(*id);
      break;
    case 'u':
      to_.feed.author_removed(*id);
      break;
    default:
      break;  // of a newer version
  }
}

}  // namespace cruddur
