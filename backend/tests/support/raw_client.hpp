// A client that sends exactly the bytes it is told to: for requests that no library would make.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace cruddur::testing {

class raw_client {
 public:
  // `source` is the loopback address that it comes from.
  explicit raw_client(std::uint16_t port, const char* source = "127.0.0.1") {
    socket_.open(boost::asio::ip::tcp::v4());
    socket_.bind({boost::asio::ip::make_address(source), 0});
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    wait_at_most(std::chrono::seconds{10});
  }

  void wait_at_most(std::chrono::seconds limit) {
    const timeval time{.tv_sec = limit.count(), .tv_usec = 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  }

  // False when the server has closed the connection.
  bool send(std::string_view bytes) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(bytes), error);
    return !error;
  }
  void end_sending() {
    boost::system::error_code ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  }

  // All bytes up to the end of the connection.
  std::string read_to_end() {
    std::string out = std::move(rest_);
    rest_.clear();
    while (read_more(out)) {
    }
    return out;
  }

  // One answer, head and body (by its Content-Length); what is there when the connection ends
  // first.
  std::string read_answer(bool expect_body = true) {
    std::string bytes = std::move(rest_);
    rest_.clear();
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(bytes)) return bytes;
    }
    std::size_t length = end + 4;
    const auto field = bytes.find("content-length: ");
    if (expect_body && field < end) length += std::stoul(bytes.substr(field + 16));
    while (bytes.size() < length) {
      if (!read_more(bytes)) return bytes;
    }
    rest_ = bytes.substr(length);
    bytes.resize(length);
    return bytes;
  }

  // That many bytes; fewer when the connection ends first.
  std::string read_bytes(std::size_t count) {
    std::string out = std::move(rest_);
    rest_.clear();
    while (out.size() < count && read_more(out)) {
    }
    if (out.size() > count) {
      rest_ = out.substr(count);
      out.resize(count);
    }
    return out;
  }

  // True when the server closes within the time limit.
  bool is_closed() {
    std::string more;
    while (read_more(more)) {
    }
    return closed_;
  }

  boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  bool read_more(std::string& out) {
    char buffer[16 * 1024];
    const ssize_t count = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
    if (count > 0) {
      out.append(buffer, static_cast<std::size_t>(count));
      return true;
    }
    closed_ = count == 0 || errno == ECONNRESET;
    return false;
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string rest_;
  bool closed_ = false;
};

}  // namespace cruddur::testing
