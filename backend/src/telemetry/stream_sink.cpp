#include "telemetry/stream_sink.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <string_view>

#include <poll.h>
#include <unistd.h>

namespace cruddur::telemetry {
namespace {

constexpr int look_ms = 50;
constexpr std::int64_t last_ms = 500;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string_view colour_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "\x1b[36m";
    case spdlog::level::info:
      return "\x1b[32m";
    case spdlog::level::warn:
      return "\x1b[33m\x1b[1m";
    default:
      return "\x1b[31m\x1b[1m";
  }
}

}  // namespace

stream_sink::stream_sink(int descriptor, line_colour colour)
    : descriptor_{descriptor},
      coloured_{colour == line_colour::by_level && ::isatty(descriptor) == 1} {}

void stream_sink::hurry() {
  end_ms_ = steady_ms() + last_ms;
}

bool stream_sink::wait_until_writable() {
  for (;;) {
    pollfd asked{descriptor_, POLLOUT, 0};
    const int ready = ::poll(&asked, 1, look_ms);
    if (ready > 0) return (asked.revents & POLLOUT) != 0;
    if (ready < 0 && errno != EINTR) return false;
    const std::int64_t end = end_ms_;
    if (end != 0 && steady_ms() >= end) return false;
  }
}

// A pipe that is writable takes PIPE_BUF bytes at once, so that the call does not wait.
bool stream_sink::put(const char* data, std::size_t size) {
  while (size > 0) {
    if (!wait_until_writable()) return false;
    const ssize_t sent = ::write(descriptor_, data, std::min<std::size_t>(size, PIPE_BUF));
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (sent <= 0) continue;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

void stream_sink::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  message.color_range_start = 0;
  message.color_range_end = 0;
  formatter_->format(message, line);
  if (coloured_ && message.color_range_end > message.color_range_start) {
    constexpr std::string_view reset = "\x1b[m";
    const std::string_view start = colour_of(message.level);
    spdlog::memory_buf_t painted;
    painted.append(line.data(), line.data() + message.color_range_start);
    painted.append(start.data(), start.data() + start.size());
    painted.append(line.data() + message.color_range_start, line.data() + message.color_range_end);
    painted.append(reset.data(), reset.data() + reset.size());
    painted.append(line.data() + message.color_range_end, line.data() + line.size());
    line = std::move(painted);
  }
  if (!put(line.data(), line.size())) ++dropped_;
}

}  // namespace cruddur::telemetry
