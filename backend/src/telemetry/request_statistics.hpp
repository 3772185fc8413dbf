// Requests by method, route and status, counted per thread and added up when they are read.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tuple>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

namespace cruddur::telemetry {

class request_statistics : public prometheus::Collectable {
 public:
  // Upper bounds of the duration histogram, in seconds; one bucket more takes the rest.
  static constexpr std::array<double, 10> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                 0.025,  0.05,  0.1,    0.5,   2.5};

  void count(std::string_view method, std::string_view route, unsigned status,
             std::chrono::microseconds took);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct tally {
    std::uint64_t requests = 0;
    double seconds = 0;
    std::array<std::uint64_t, bounds.size() + 1> buckets{};
  };
  using key = std::tuple<std::string_view, std::string_view, unsigned>;
  struct shard {
    std::mutex mutex;  // taken by its thread, and by a reader now and then
    std::map<key, tally> tallies;
  };

  shard& own_shard();
  std::map<key, tally> sum() const;

  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<shard>> shards_;
};

}  // namespace cruddur::telemetry
