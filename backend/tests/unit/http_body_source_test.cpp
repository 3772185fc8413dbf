// Answers whose bodies are made while they are sent.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "http/file_source.hpp"
#include "http/problem.hpp"
#include "runtime/spawn.hpp"
#include "support/hello_server.hpp"
#include "support/raw_client.hpp"
#include "support/route_server.hpp"
#include "support/temporary_folder.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::raw_client;
using cruddur::testing::route_server;
using cruddur::testing::say_hello;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

// Gives the letters from 'a' on, and at most `real_size` of them.
class letter_source final : public body_source {
 public:
  letter_source(std::uint64_t promised, std::uint64_t real_size, bool fails,
                std::atomic<int>& reads)
      : promised_{promised}, left_{real_size}, fails_{fails}, reads_{reads} {}
  std::uint64_t size() const override { return promised_; }
  task<result<std::size_t>> read(std::span<char> output) override {
    ++reads_;
    if (left_ == 0 && fails_) co_return fail(fault_kind::unavailable, "away", "It is away.");
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, output.size()));
    for (char& each : output.first(count)) each = static_cast<char>('a' + next_++ % 26);
    left_ -= count;
    co_return count;
  }

 private:
  std::uint64_t promised_;
  std::uint64_t left_;
  bool fails_;
  std::atomic<int>& reads_;
  std::uint64_t next_ = 0;
};

handler letters(std::uint64_t promised, std::uint64_t real_size, bool fails,
                std::atomic<int>& reads) {
  return [=, &reads](request&) -> task<response> {
    response out;
    out.content_type = "text/plain";
    out.body = std::make_unique<letter_source>(promised, real_size, fails, reads);
    co_return out;
  };
}

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST(http_body_source, sends_what_the_source_gives_and_keeps_the_connection) {
  std::atomic<int> reads = 0;
  route_server running{{{method::get, "/letters", letters(200'000, 200'000, false, reads)},
                        {method::get, "/hello", say_hello}}};
  raw_client client{running.port()};
  client.send(
      "GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /letters HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  const auto answer = client.read_answer();
  EXPECT_THAT(answer, HasSubstr("content-length: 200000\r\n"));
  const auto body = body_of(answer);
  ASSERT_EQ(body.size(), 200'000U);
  for (std::size_t i = 0; i < body.size(); ++i) ASSERT_EQ(body[i], static_cast<char>('a' + i % 26));
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
}

TEST(http_body_source, does_not_read_it_for_head) {
  std::atomic<int> reads = 0;
  route_server running{{{method::get, "/letters", letters(1000, 1000, false, reads)}}};
  raw_client client{running.port()};
  client.send("HEAD /letters HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(false), HasSubstr("content-length: 1000\r\n"));
  EXPECT_EQ(reads, 0);
  client.send("GET /letters HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(client.read_answer()).size(), 1000U);
}

TEST(http_body_source, closes_the_connection_when_it_is_short_or_fails) {
  for (const bool fails : {false, true}) {
    std::atomic<int> reads = 0;
    std::atomic<int> reports = 0;
    server_options options;
    options.on_exception = [&](std::string_view, std::string_view) { ++reports; };
    route_server running{{{method::get, "/letters", letters(1000, 400, fails, reads)}}, options};
    raw_client client{running.port()};
    client.send("GET /letters HTTP/1.1\r\nHost: a\r\n\r\nGET /letters HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto all = client.read_to_end();
    EXPECT_EQ(body_of(all).size(), 400U);
    EXPECT_EQ(all.find("HTTP/1.1", 5), std::string::npos);
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(reports, 1);
  }
}

TEST(http_body_source, drops_a_reader_that_does_not_read) {
  std::atomic<int> reads = 0;
  server_options options;
  options.bounds.write_timeout = 200ms;
  constexpr std::uint64_t huge = 100'000'000;
  route_server running{{{method::get, "/letters", letters(huge, huge, false, reads)}}, options};
  raw_client client{running.port()};
  client.send("GET /letters HTTP/1.1\r\nHost: a\r\n\r\n");
  while (reads == 0) std::this_thread::sleep_for(10ms);
  for (int i = 0; i < 300 && running.server().open_connections() > 0; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(running.server().open_connections(), 0U);
  // It was asked for no more than the kernel held: backpressure, in pieces of 64 KiB.
  EXPECT_LT(reads, 200);
}

// In kibibytes, as the system counts them.
std::size_t resident_peak() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    std::size_t out = 0;
    if (word == "VmHWM:" && status >> out) return out;
  }
  return 0;
}

TEST(http_body_source, sends_a_file_of_100_mb_in_little_memory) {
  const test::temporary_folder folder;
  const auto path = folder.path() / "large";
  constexpr std::size_t megabyte = 1'000'000;
  {
    std::ofstream file{path, std::ios::binary};
    const std::string block(megabyte, 'x');
    for (int i = 0; i < 100; ++i) file << block;
  }
  runtime::blocking_pool pool{1, 8};
  const handler send = [&](request& request) -> task<response> {
    auto source = co_await open_file_source(pool, path.string());
    if (!source) co_return to_problem(source.error(), request.request_id);
    response out;
    out.content_type = "application/octet-stream";
    out.body = std::move(*source);
    co_return out;
  };
  route_server running{{{method::get, "/file", send}}};
  raw_client client{running.port()};
  std::ofstream{"/proc/self/clear_refs"} << "5";  // the peak begins anew
  const std::size_t before = resident_peak();
  client.send("GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  std::size_t total = 0;
  std::string part(64 * 1024, '\0');
  boost::system::error_code error;
  while (!error) total += client.socket().read_some(boost::asio::buffer(part), error);
  EXPECT_GT(total, 100 * megabyte);
  EXPECT_LT(total, 100 * megabyte + 1000);
  EXPECT_LT(resident_peak() - before, 8U * 1024);
}

// Whether reading the file would ask the disk, once the system was told to forget it.
bool is_cold(const std::filesystem::path& path, std::size_t size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ::fsync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  char byte = 0;
  const iovec part{&byte, 1};
  bool out = ::preadv2(file, &part, 1, 0, RWF_NOWAIT) < 0 && errno == EAGAIN;
  if (out) {
    // That read may have asked for some of it, which is then on its way.
    void* const view = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    std::vector<unsigned char> pages((size + 4095) / 4096);
    const auto is_forgotten = [&] {
      ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
      return ::mincore(view, size, pages.data()) == 0 &&
             std::ranges::none_of(pages, [](unsigned char page) { return (page & 1U) != 0; });
    };
    out = false;
    for (int i = 0; i < 100 && !out; ++i) {
      std::this_thread::sleep_for(20ms);
      out = is_forgotten();
    }
    ::munmap(view, size);
  }
  ::close(file);
  return out;
}

TEST(http_body_source, waits_for_the_disk_in_the_pool_and_not_on_the_loop) {
  const test::temporary_folder folder;
  const auto path = folder.path() / "cold";
  const std::string content(300'000, 'x');
  std::ofstream{path, std::ios::binary} << content;
  if (!is_cold(path, content.size())) GTEST_SKIP() << "this file system keeps files in memory";
  runtime::blocking_pool pool{1, 8};
  std::promise<void> released;
  const handler send = [&](request&) -> task<response> {
    auto source = co_await open_file_source(pool, path.string());
    auto hold = [&]() -> task<> { co_await pool.run([&] { released.get_future().wait(); }); };
    runtime::spawn(co_await boost::asio::this_coro::executor, hold(), {});
    while (pool.waiting() > 0) std::this_thread::sleep_for(1ms);  // until it runs
    response out;
    out.content_type = "application/octet-stream";
    out.body = std::move(*source);
    co_return out;
  };
  route_server running{{{method::get, "/file", send}, {method::get, "/hello", say_hello}}};
  raw_client client{running.port()};
  client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(false), HasSubstr("content-length: 300000\r\n"));
  for (int i = 0; i < 1000 && pool.waiting() == 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(pool.waiting(), 1U);
  // Connections of the same loop among them.
  for (int i = 0; i < 8; ++i) {
    raw_client other{running.port()};
    other.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(other.read_answer(), EndsWith("hello"));
  }
  EXPECT_EQ(client.socket().available(), 0U);
  released.set_value();
  EXPECT_EQ(client.read_bytes(content.size()), content);
}

TEST(http_body_source, says_404_of_a_file_that_is_not_there) {
  const test::temporary_folder folder;
  runtime::blocking_pool pool{1, 8};
  const handler send = [&](request& request) -> task<response> {
    // A folder is no file either.
    auto source = co_await open_file_source(pool, folder.path().string());
    if (!source) co_return to_problem(source.error(), request.request_id);
    co_return response{};
  };
  route_server running{{{method::get, "/file", send}}};
  raw_client client{running.port()};
  client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 404 "));
}

}  // namespace
}  // namespace cruddur::http
