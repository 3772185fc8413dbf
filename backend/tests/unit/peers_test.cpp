#include "realtime/peers.hpp"

#include <gtest/gtest.h>

namespace cruddur::realtime {
namespace {

struct fake_notifier : notifier {
  void listen(listener heard) override { given = std::move(heard); }
  void publish(std::string message) override { sent.push_back(std::move(message)); }
  void close() override {}

  listener given;
  std::vector<std::string> sent;
};

const uuid id = parse_uuid("0198c0de-0000-7000-8000-000000000001").value();

TEST(peer_messages, are_read_as_they_were_written) {
  for (const peer_message& message :
       {peer_message{activity_changed{id}}, peer_message{viewer_changed{id}},
        peer_message{author_removed{id}}, peer_message{sessions_revoked{}}}) {
    const std::string text = to_text(message);
    EXPECT_LE(text.size(), 60U);
    const auto read = parse_peer_message(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->index(), message.index());
    EXPECT_EQ(to_text(*read), text);
  }
}

TEST(peer_messages, of_another_version_are_none) {
  for (const auto* text :
       {"", "a", "a:", "ss", "s:", "a:1", "aa:0198c0de-0000-7000-8000-000000000001",
        "z:0198c0de-0000-7000-8000-000000000001", "a:0198c0de-0000-7000-8000-0000000000011"}) {
    EXPECT_FALSE(parse_peer_message(text)) << text;
  }
}

TEST(peers, tell_every_subscriber_what_comes_and_when_nothing_will) {
  fake_notifier notifier;
  peers others{notifier};
  std::vector<std::string> heard;
  others.subscribe(
      {.on_message = [&](const peer_message& message) { heard.push_back(to_text(message)); },
       .on_connect = [&] { heard.emplace_back("connected"); },
       .on_disconnect = [&] { heard.emplace_back("disconnected"); }});
  others.subscribe({.on_message = [&](const peer_message&) { heard.emplace_back("another"); },
                    .on_connect = {},
                    .on_disconnect = {}});
  others.start();
  EXPECT_FALSE(others.is_connected());
  notifier.given.on_connect();
  EXPECT_TRUE(others.is_connected());
  notifier.given.on_message("s");
  notifier.given.on_message("of a newer version");
  notifier.given.on_disconnect();
  EXPECT_FALSE(others.is_connected());
  EXPECT_EQ(heard, (std::vector<std::string>{"connected", "s", "another", "disconnected"}));
  others.publish(viewer_changed{id});
  EXPECT_EQ(notifier.sent, (std::vector<std::string>{"v:" + to_string(id)}));
}

// Who asks in on_connect whether the peers are heard must not be told so before every subscriber
// has stopped to trust what it holds.
TEST(peers, are_connected_once_every_subscriber_has_heard_of_it) {
  fake_notifier notifier;
  peers others{notifier};
  bool early = true;
  others.subscribe({.on_message = {},
                    .on_connect = [&] { early = others.is_connected(); },
                    .on_disconnect = {}});
  others.start();
  notifier.given.on_connect();
  EXPECT_FALSE(early);
}

}  // namespace
}  // namespace cruddur::realtime
