// Bodies that go to a sink as they come.
#include <atomic>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/raw_client.hpp"
#include "support/route_server.hpp"
#include "support/temporary_folder.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::raw_client;
using cruddur::testing::route_server;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// What became of the sinks of a test.
struct record {
  std::atomic<int> made = 0;
  std::atomic<int> ended = 0;
  std::atomic<int> cut_off = 0;
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::size_t> longest = 0;

  // Waits for a number that another thread counts up.
  template <class T>
  static bool reaches(const std::atomic<T>& count, T goal) {
    for (int i = 0; i < 500 && count < goal; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return count == goal;
  }
};

class file_sink : public body_sink {
 public:
  file_sink(record& record, std::filesystem::path path) : record_{record}, file_{path} {
    ++record_.made;
  }
  ~file_sink() override {
    if (!has_ended_) ++record_.cut_off;
  }
  task<result<>> write(std::string_view bytes) override {
    if (bytes.find("refuse me") != std::string_view::npos) {
      co_return fail(fault_kind::invalid, "picture_invalid", "This is no picture.");
    }
    if (bytes.find("throw") != std::string_view::npos) throw std::runtime_error("out of luck");
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    record_.bytes += bytes.size();
    record_.longest = std::max(record_.longest.load(), bytes.size());
    co_return result<>{};
  }
  task<result<>> end() override {
    has_ended_ = true;
    file_.close();
    ++record_.ended;
    co_return result<>{};
  }

 private:
  record& record_;
  std::ofstream file_;
  bool has_ended_ = false;
};

task<response> tell(request& request) {
  response out;
  out.content_type = "text/plain";
  out.body = std::string{request.sink ? "taken" : "nothing"} + std::to_string(request.body.size());
  co_return out;
}

class uploads : public ::testing::Test {
 protected:
  static constexpr std::size_t limit = 100 * 1024 * 1024;

  std::vector<route> routes() {
    const sink_factory make = [this](request&) -> task<result<std::unique_ptr<body_sink>>> {
      co_return std::make_unique<file_sink>(record_, path());
    };
    const sink_factory refuse = [](request&) -> task<result<std::unique_ptr<body_sink>>> {
      co_return fail(fault_kind::unavailable, "disk_full", "There is no room.");
    };
    return {{method::put, "/file", tell, {}, limit, make},
            {method::put, "/small", tell, {}, 100, make},
            {method::put, "/full", tell, {}, limit, refuse}};
  }

  std::filesystem::path path() const { return folder_.path() / "file"; }

  static std::string head(std::string_view target, std::string_view framing) {
    return fmt::format("PUT {} HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n", target, framing);
  }

  // Resident memory at its highest, in bytes.
  static std::size_t peak_memory() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
    }
    return 0;
  }

  test::temporary_folder folder_;
  record record_;
  route_server server_{routes()};
};

TEST_F(uploads, of_100_megabytes_take_no_more_memory_than_a_piece) {
  const std::string piece(1024 * 1024, 'x');
  {
    // The client's and the server's first buffers are not what is measured.
    raw_client first{server_.port()};
    first.send(head("/file", "Content-Length: 1048576") + piece);
    ASSERT_THAT(first.read_answer(), EndsWith("taken0"));
  }
  for (const bool is_chunked : {false, true}) {
    record_.bytes = 0;
    const std::size_t before = peak_memory();
    raw_client client{server_.port()};
    client.send(head("/file", is_chunked ? "Transfer-Encoding: chunked"
                                         : fmt::format("Content-Length: {}", limit)));
    for (std::size_t sent = 0; sent < limit; sent += piece.size()) {
      if (is_chunked) client.send("100000\r\n");
      ASSERT_TRUE(client.send(piece));
      if (is_chunked) client.send("\r\n");
    }
    if (is_chunked) client.send("0\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("taken0"));
    EXPECT_EQ(record_.bytes, limit);
    EXPECT_EQ(std::filesystem::file_size(path()), limit);
    EXPECT_LE(record_.longest, 64U * 1024);
    EXPECT_LT(peak_memory() - before, 8U * 1024 * 1024);
  }
  EXPECT_EQ(record_.ended, 3);
  EXPECT_EQ(record_.cut_off, 0);
}

TEST_F(uploads, leave_the_connection_to_the_requests_behind_them) {
  raw_client client{server_.port()};
  const std::string upload = head("/file", "Content-Length: 5") + "hello";
  const std::string chunks = head("/file", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n";
  client.send(upload + chunks + upload + head("/file", "Content-Length: 0"));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(client.read_answer(), EndsWith("taken0")) << i;
  EXPECT_THAT(client.read_answer(), EndsWith("nothing0"));
  EXPECT_EQ(record_.bytes, 13U);
  EXPECT_EQ(record_.ended, 3);
}

TEST_F(uploads, that_are_cut_off_are_told_so) {
  for (const char* framing : {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
    raw_client client{server_.port()};
    client.send(head("/file", framing) + "5\r\nhello");
    client.end_sending();
    client.read_to_end();
  }
  EXPECT_TRUE(record::reaches(record_.cut_off, 2));
  EXPECT_EQ(record_.ended, 0);
}

TEST_F(uploads, that_are_too_large_are_refused_before_or_while_they_come) {
  raw_client sized{server_.port()};
  sized.send(head("/small", "Content-Length: 101"));
  EXPECT_THAT(sized.read_answer(), StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(record_.made, 0);
  raw_client chunked{server_.port()};
  chunked.send(head("/small", "Transfer-Encoding: chunked") + "32\r\n" + std::string(50, 'a'));
  EXPECT_TRUE(record::reaches(record_.bytes, std::uint64_t{50}));
  chunked.send("\r\n33\r\n");
  EXPECT_THAT(chunked.read_answer(), StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(record::reaches(record_.cut_off, 1));
}

TEST_F(uploads, are_asked_to_continue_once_a_sink_is_there) {
  raw_client client{server_.port()};
  client.send(head("/file", "Content-Length: 5\r\nExpect: 100-continue"));
  EXPECT_EQ(client.read_bytes(25), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_THAT(client.read_answer(), EndsWith("taken0"));
  raw_client refused{server_.port()};
  refused.send(head("/full", "Content-Length: 5\r\nExpect: 100-continue"));
  EXPECT_THAT(refused.read_answer(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(uploads, end_with_what_their_sink_says) {
  raw_client invalid{server_.port()};
  invalid.send(head("/file", "Content-Length: 1000") + "refuse me");
  const auto answer = invalid.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 422 "));
  EXPECT_THAT(answer, HasSubstr("picture_invalid"));
  EXPECT_THAT(answer, HasSubstr("connection: close"));
  raw_client broken{server_.port()};
  broken.send(head("/file", "Content-Length: 1000") + "throw");
  EXPECT_THAT(broken.read_answer(), StartsWith("HTTP/1.1 500 "));
  EXPECT_TRUE(record::reaches(record_.cut_off, 2));
}

}  // namespace
}  // namespace cruddur::http
