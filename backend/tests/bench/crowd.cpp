// A crowd of bad clients for bin/bench crowd: each sends its requests at once and then takes a few
// bytes at a time, or none. Usage: bench_crowd PORT COUNT PER_SECOND REQUESTS BYTES
//
// COUNT connections come, PER_SECOND of them a second, from many addresses of this machine. Each
// sends REQUESTS requests and takes BYTES bytes every 100 ms (0: never reads). Says "here" when all
// have come; when its input ends, says how many are still connected and how many bytes they took.
// It has the least priority, as if it ran on other machines.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using steady = std::chrono::steady_clock;

constexpr int ticks = 10;  // that a period of 100 ms has
constexpr std::chrono::milliseconds tick_time{10};
constexpr int small_buffer = 4096;
constexpr std::uint32_t loopback_net = 0x7f010000;  // 127.1.0.0
constexpr int addresses = 2000;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct crowd {
  sockaddr_in server{};
  std::string requests;
  std::size_t bytes = 0;

  std::vector<int> sockets;
  std::size_t gone = 0;
  std::size_t taken = 0;

  void come() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    if (socket < 0) fail("socket");
    if (bytes > 0) ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &small_buffer, sizeof small_buffer);
    sockaddr_in mine{};
    mine.sin_family = AF_INET;
    mine.sin_addr.s_addr =
        htonl(loopback_net + 1 + static_cast<std::uint32_t>(sockets.size() % addresses));
    if (::bind(socket, reinterpret_cast<sockaddr*>(&mine), sizeof mine) != 0) fail("bind");
    if (::connect(socket, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) {
      fail("connect");
    }
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    if (::send(socket, requests.data(), requests.size(), MSG_NOSIGNAL) < 0) fail("send");
    sockets.push_back(socket);
  }

  void read_a_little(int tick) {
    std::vector<char> some(bytes);
    for (std::size_t i = static_cast<std::size_t>(tick); i < sockets.size(); i += ticks) {
      if (sockets[i] < 0) continue;
      const ssize_t count = ::recv(sockets[i], some.data(), some.size(), MSG_DONTWAIT);
      if (count > 0) taken += static_cast<std::size_t>(count);
      if (count == 0 || (count < 0 && errno != EAGAIN)) leave(sockets[i]);
    }
  }

  void leave(int& socket) {
    ::close(std::exchange(socket, -1));
    ++gone;
  }

  // Of those that never read too.
  void look_who_is_gone() {
    for (int& socket : sockets) {
      pollfd ended{.fd = socket, .events = POLLRDHUP, .revents = 0};
      if (socket >= 0 && ::poll(&ended, 1, 0) > 0) leave(socket);
    }
  }
};

bool input_ended() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return ::poll(&input, 1, 0) > 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return 2;
  const auto number = [&](int i) { return std::strtoul(arguments[i], nullptr, 10); };
  const std::size_t size = number(2);
  const std::size_t per_second = number(3);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::setpriority(PRIO_PROCESS, 0, 19);

  crowd all;
  all.server.sin_family = AF_INET;
  all.server.sin_port = htons(static_cast<std::uint16_t>(number(1)));
  all.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (std::size_t i = 0; i < number(4); ++i) {
    all.requests += "GET /api/activities/home?limit=100 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  all.bytes = number(5);

  const auto began = steady::now();
  for (int tick = 0; !input_ended(); ++tick) {
    const bool whole_before = all.sockets.size() == size;
    const auto passed = std::chrono::duration<double>(steady::now() - began).count();
    const auto due = static_cast<std::size_t>(passed * static_cast<double>(per_second));
    while (all.sockets.size() < std::min(due, size)) all.come();
    if (!whole_before && all.sockets.size() == size) {
      std::puts("here");
      std::fflush(stdout);
    }
    if (all.bytes > 0) all.read_a_little(tick % ticks);
    std::this_thread::sleep_until(began + (tick + 1) * tick_time);
  }
  all.look_who_is_gone();
  std::printf("%zu %zu\n", all.sockets.size() - all.gone, all.taken);
  return 0;
}
