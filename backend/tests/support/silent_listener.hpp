// An address of this machine that answers nothing, as one behind a firewall does.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cruddur::test {

// Listens, accepts nobody, and has its queue full: whoever else connects waits for ever.
class silent_listener {
 public:
  explicit silent_listener(const char* address, std::uint16_t port = 0) {
    at_.sin_family = AF_INET;
    at_.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &at_.sin_addr);
    const int listener = open();
    socklen_t size = sizeof at_;
    if (::bind(listener, as_address(), size) != 0 || ::listen(listener, 0) != 0 ||
        ::getsockname(listener, as_address(), &size) != 0) {
      throw std::runtime_error("can't listen");
    }
    for (int i = 0; i < 4; ++i) ::connect(open(), as_address(), size);
  }
  ~silent_listener() {
    for (const int each : sockets_) ::close(each);
  }
  silent_listener(const silent_listener&) = delete;
  silent_listener& operator=(const silent_listener&) = delete;

  std::uint16_t port() const { return ntohs(at_.sin_port); }

 private:
  int open() {
    return sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  }
  sockaddr* as_address() { return reinterpret_cast<sockaddr*>(&at_); }

  sockaddr_in at_{};
  std::vector<int> sockets_;
};

}  // namespace cruddur::test
