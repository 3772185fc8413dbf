// What a server does when the system lets it have no more descriptors.
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "support/hello_server.hpp"

namespace {
std::atomic<bool> descriptors_are_out = false;
}  // namespace

// Takes the place of the C library's. A lowered RLIMIT_NOFILE would hit the sanitizers as well:
// UndefinedBehaviorSanitizer opens a pipe to see whether an object's memory can be read, and calls
// the object broken when it can't have one.
extern "C" int accept(int listener, sockaddr* from, socklen_t* size) {
  if (descriptors_are_out) {
    errno = EMFILE;
    return -1;
  }
  return ::accept4(listener, from, size, 0);
}

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using ::testing::StartsWith;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

class heard_troubles {
 public:
  void add(std::string_view sentence) {
    const std::lock_guard lock{mutex_};
    all_.emplace_back(sentence);
    changed_.notify_all();
  }
  // The first sentence after `had` others; empty when none comes.
  std::string wait_for_one_after(std::size_t had) {
    std::unique_lock lock{mutex_};
    const bool came = changed_.wait_for(lock, 20s, [&] { return all_.size() > had; });
    return came ? all_[had] : "";
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
};

TEST(http_server, goes_on_accepting_after_it_was_out_of_descriptors_and_tells_once) {
  heard_troubles heard;
  hello_server running{{.on_trouble = [&](std::string_view sentence) { heard.add(sentence); }}};
  asio::io_context loop;
  std::vector<tcp::socket> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(loop).open(tcp::v4());
  const tcp::endpoint server{asio::ip::address_v4::loopback(), running.port()};
  const auto reason = boost::system::error_code{EMFILE, boost::system::system_category()}.message();
  descriptors_are_out = true;
  for (auto& each : clients) {
    each.connect(server);
    asio::write(each, asio::buffer(std::string_view{"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"}));
  }
  const std::string told = heard.wait_for_one_after(0);
  descriptors_are_out = false;
  EXPECT_EQ(told, "New connections wait: " + reason + ".");
  for (auto& each : clients) {
    std::array<char, 12> begin{};
    asio::read(each, asio::buffer(begin));
    EXPECT_THAT((std::string_view{begin.data(), begin.size()}), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_EQ(heard.wait_for_one_after(1), "New connections are accepted again.")
      << "eight clients waited, and that is told once";
}

}  // namespace
}  // namespace cruddur::http
