#include "telemetry/request_counts.hpp"

#include <algorithm>
#include <atomic>

namespace cruddur::telemetry {

request_counts::request_counts() : shards_{std::make_unique<std::array<shard, shard_count>>()} {}

request_counts::~request_counts() = default;

void request_counts::cell::add(const cell& other) {
  count += other.count;
  total_us += other.total_us;
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
}

request_counts::shard& request_counts::own_shard() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t number = threads.fetch_add(1);
  return (*shards_)[number % shard_count];
}

void request_counts::add(std::string_view method, std::string_view route, unsigned status,
                         std::chrono::microseconds took) {
  const auto bucket =
      static_cast<std::size_t>(std::ranges::lower_bound(bounds, took) - bounds.begin());
  shard& own = own_shard();
  const std::lock_guard lock{own.mutex};
  auto found = own.counted.find(key_view{method, route, status});
  if (found == own.counted.end()) {
    found = own.counted.emplace(key{method, route, status}, cell{}).first;
  }
  ++found->second.count;
  found->second.total_us += static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0));
  ++found->second.buckets[bucket];
}

std::vector<prometheus::MetricFamily> request_counts::collect() const {
  cells all;
  for (shard& each : *shards_) {
    const std::lock_guard lock{each.mutex};
    for (const auto& [label, counted] : each.counted) all[label].add(counted);
  }
  // The histogram goes by method and route; statuses would multiply its buckets for little.
  std::map<std::pair<std::string, std::string>, cell> durations;

  prometheus::MetricFamily requests{
      "http_requests_total", "Requests answered.", prometheus::MetricType::Counter, {}};
  for (const auto& [label, counted] : all) {
    const auto& [method, route, status] = label;
    durations[{method, route}].add(counted);
    auto& metric = requests.metric.emplace_back();
    metric.label = {{"method", method}, {"route", route}, {"status", std::to_string(status)}};
    metric.counter.value = static_cast<double>(counted.count);
  }
  prometheus::MetricFamily seconds{"http_request_duration_seconds",
                                   "Time from a request's head to its answer.",
                                   prometheus::MetricType::Histogram,
                                   {}};
  for (const auto& [label, counted] : durations) {
    auto& metric = seconds.metric.emplace_back();
    metric.label = {{"method", label.first}, {"route", label.second}};
    metric.histogram.sample_count = counted.count;
    metric.histogram.sample_sum = static_cast<double>(counted.total_us) / 1e6;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      so_far += counted.buckets[i];
      metric.histogram.bucket.push_back({so_far, static_cast<double>(bounds[i].count()) / 1e6});
    }
  }
  return {std::move(requests), std::move(seconds)};
}

}  // namespace cruddur::telemetry
