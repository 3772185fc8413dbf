#include "base/clock.hpp"

#include <iterator>

#include <fmt/format.h>

namespace cruddur {

using std::chrono::milliseconds;

time_point system_clock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

time_point movable_clock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) +
         milliseconds{offset_ms_.load(std::memory_order_relaxed)};
}

void movable_clock::advance(milliseconds by) {
  offset_ms_.fetch_add(by.count(), std::memory_order_relaxed);
}

void append_rfc3339(std::string& out, time_point at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                 time.seconds().count(), time.subseconds().count());
}

std::string to_rfc3339(time_point at) {
  std::string out;
  append_rfc3339(out, at);
  return out;
}

}  // namespace cruddur
