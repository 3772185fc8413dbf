// What a server does when the system lets it have no more descriptors.
#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/hello_server.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using ::testing::StartsWith;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

// While it lives, nothing in this process can open another descriptor.
class no_more_descriptors {
 public:
  no_more_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    const rlimit lower{static_cast<rlim_t>(lowest_free), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  no_more_descriptors(const no_more_descriptors&) = delete;
  no_more_descriptors& operator=(const no_more_descriptors&) = delete;

 private:
  rlimit before_{};
};

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
  std::size_t count() {
    const std::lock_guard lock{mutex_};
    return all_.size();
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
  // UndefinedBehaviorSanitizer needs a descriptor the first time that it looks at such an object.
  const auto reason = boost::system::error_code{EMFILE, boost::system::system_category()}.message();
  std::string told;
  {
    const no_more_descriptors now;
    for (auto& each : clients) {
      each.connect(server);
      asio::write(each, asio::buffer(std::string_view{"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"}));
    }
    told = heard.wait_for_one_after(0);
  }
  EXPECT_EQ(told, "New connections wait: " + reason + ".");
  for (auto& each : clients) {
    std::array<char, 12> begin{};
    asio::read(each, asio::buffer(begin));
    EXPECT_THAT((std::string_view{begin.data(), begin.size()}), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_EQ(heard.count(), 1U) << "eight clients waited";
  EXPECT_EQ(heard.wait_for_one_after(1), "New connections are accepted again.");
}

}  // namespace
}  // namespace cruddur::http
