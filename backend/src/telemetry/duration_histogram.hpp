// How many durations there were of each length, from a hundredth of a second to an hour.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace cruddur::telemetry {

// Thread-safe; takes no lock, so what is read while others add may be one duration behind.
class duration_histogram {
 public:
  // Upper bounds of the buckets; one more holds what is longer.
  static constexpr std::array<std::chrono::milliseconds, 10> bounds = {
      std::chrono::milliseconds{10},     std::chrono::milliseconds{50},
      std::chrono::milliseconds{100},    std::chrono::milliseconds{250},
      std::chrono::milliseconds{500},    std::chrono::milliseconds{1'000},
      std::chrono::milliseconds{2'500},  std::chrono::milliseconds{10'000},
      std::chrono::milliseconds{60'000}, std::chrono::milliseconds{3'600'000}};

  void add(std::chrono::milliseconds duration) {
    const auto bucket = std::ranges::lower_bound(bounds, duration) - bounds.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_ms_.fetch_add(duration.count(), std::memory_order_relaxed);
  }

  // Of one bucket alone, 0 to bounds.size().
  std::uint64_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  std::chrono::milliseconds sum() const {
    return std::chrono::milliseconds{sum_ms_.load(std::memory_order_relaxed)};
  }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::int64_t> sum_ms_{0};
};

}  // namespace cruddur::telemetry
