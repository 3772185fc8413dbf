#include "realtime/peers.hpp"

#include "base/visitor.hpp"

namespace cruddur::realtime {

std::string to_text(const peer_message& message) {
  return std::visit(visitor{[](const activity_changed& each) { return "a:" + to_string(each.id); },
                            [](const viewer_changed& each) { return "v:" + to_string(each.id); },
                            [](const author_removed& each) { return "u:" + to_string(each.id); },
                            [](const sessions_revoked&) { return std::string{"s"}; }},
                    message);
}

std::optional<peer_message> parse_peer_message(std::string_view text) {
  if (text == "s") return sessions_revoked{};
  if (text.size() < 2 || text[1] != ':') return std::nullopt;
  const auto id = parse_uuid(text.substr(2));
  if (!id) return std::nullopt;
  switch (text.front()) {
    case 'a':
      return activity_changed{*id};
    case 'v':
      return viewer_changed{*id};
    case 'u':
      return author_removed{*id};
    default:
      return std::nullopt;
  }
}

void peers::start() {
  notifier_.listen({.on_message =
                        [this](std::string_view text) {
                          const auto message = parse_peer_message(text);
                          if (!message) return;
                          for (const auto& each : subscribers_) {
                            if (each.on_message) each.on_message(*message);
                          }
                        },
                    .on_connect =
                        [this] {
                          for (const auto& each : subscribers_) {
                            if (each.on_connect) each.on_connect();
                          }
                          connected_.store(true, std::memory_order_release);
                        },
                    .on_disconnect =
                        [this] {
                          connected_.store(false, std::memory_order_release);
                          for (const auto& each : subscribers_) {
                            if (each.on_disconnect) each.on_disconnect();
                          }
                        }});
}

}  // namespace cruddur::realtime
