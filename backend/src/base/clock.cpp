#include "base/clock.hpp"

namespace cruddur {

using std::chrono::milliseconds;

time_point system_clock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

time_point movable_clock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) +
         milliseconds{offset_ms_.load(std::memory_order_relaxed)};
}

void movable_clock::advance(milliseconds duration) {
  offset_ms_.fetch_add(duration.count(), std::memory_order_relaxed);
}

// A list of posts has two moments for each, and fmt's way takes a seventh of all that such an
// answer costs (bin/bench p8).
void append_rfc3339(std::string& output, time_point moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  const auto append = [&output](std::int64_t number, int power_of_ten, char end) {
    for (; power_of_ten > 0; power_of_ten /= 10) {
      output += static_cast<char>('0' + number / power_of_ten % 10);
    }
    output += end;
  };
  append(static_cast<int>(date.year()), 1000, '-');
  append(static_cast<unsigned>(date.month()), 10, '-');
  append(static_cast<unsigned>(date.day()), 10, 'T');
  append(time.hours().count(), 10, ':');
  append(time.minutes().count(), 10, ':');
  append(time.seconds().count(), 10, '.');
  append(time.subseconds().count(), 100, 'Z');
}

std::string to_rfc3339(time_point moment) {
  std::string out;
  append_rfc3339(out, moment);
  return out;
}

}  // namespace cruddur
