// Time is injected: whatever depends on it holds a clock, so tests move time instead of waiting.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace cruddur {

// Wall-clock time in UTC, to the millisecond: what stores keep and the API shows.
using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

class clock {
 public:
  virtual ~clock() = default;
  virtual time_point now() const = 0;
};

// The machine's clock.
class system_clock : public clock {
 public:
  time_point now() const override;
};

// The machine's clock plus an offset that can only grow. Thread-safe.
class movable_clock : public clock {
 public:
  time_point now() const override;
  void advance(std::chrono::milliseconds duration);

 private:
  std::atomic<std::int64_t> offset_ms_{0};
};

constexpr std::int64_t to_unix_ms(time_point moment) {
  return moment.time_since_epoch().count();
}
constexpr time_point from_unix_ms(std::int64_t ms) {
  return time_point{std::chrono::milliseconds{ms}};
}

// RFC 3339 with milliseconds: 2026-11-22T08:00:00.000Z. Years 0000 to 9999.
std::string to_rfc3339(time_point moment);
void append_rfc3339(std::string& output, time_point moment);

}  // namespace cruddur
