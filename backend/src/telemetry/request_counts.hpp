// Requests counted by method, route and status, with a histogram of how long they took. Each thread
// has a shard of its own behind a mutex that only a scrape ever contends for.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <prometheus/metric_family.h>

namespace cruddur::telemetry {

class request_counts {
 public:
  // Upper bounds of the histogram's buckets.
  static constexpr std::array<std::chrono::microseconds, 12> bounds = {
      std::chrono::microseconds{100},       std::chrono::microseconds{250},
      std::chrono::microseconds{500},       std::chrono::microseconds{1'000},
      std::chrono::microseconds{2'500},     std::chrono::microseconds{5'000},
      std::chrono::microseconds{10'000},    std::chrono::microseconds{50'000},
      std::chrono::microseconds{100'000},   std::chrono::microseconds{500'000},
      std::chrono::microseconds{1'000'000}, std::chrono::microseconds{5'000'000}};

  request_counts();
  ~request_counts();

  void add(std::string_view method, std::string_view route, unsigned status,
           std::chrono::microseconds took);
  std::vector<prometheus::MetricFamily> collect() const;

 private:
  struct cell {
    std::uint64_t count = 0;
    std::uint64_t total_us = 0;
    std::array<std::uint64_t, bounds.size() + 1> buckets{};

    void add(const cell& other);
  };
  using key = std::tuple<std::string, std::string, unsigned>;  // method, route, status
  using key_view = std::tuple<std::string_view, std::string_view, unsigned>;
  using cells = std::map<key, cell, std::less<>>;
  struct shard {
    std::mutex mutex;
    cells counted;
  };

  shard& own_shard();

  static constexpr std::size_t shard_count = 64;  // more threads than that share
  std::unique_ptr<std::array<shard, shard_count>> shards_;
};

}  // namespace cruddur::telemetry
