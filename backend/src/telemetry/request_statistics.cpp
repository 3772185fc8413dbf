#include "telemetry/request_statistics.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace cruddur::telemetry {

request_statistics::shard& request_statistics::own_shard() {
  // A thread serves one server at a time, so it remembers one shard.
  thread_local std::pair<const request_statistics*, std::shared_ptr<shard>> own;
  if (own.first != this) {
    own = {this, std::make_shared<shard>()};
    const std::lock_guard lock{mutex_};
    shards_.push_back(own.second);
  }
  return *own.second;
}

void request_statistics::count(std::string_view method, std::string_view route, unsigned status,
                               std::chrono::microseconds took) {
  const double seconds = std::chrono::duration<double>{took}.count();
  const auto bucket =
      static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin());
  shard& own = own_shard();
  const std::lock_guard lock{own.mutex};
  tally& to = own.tallies[{method, route, status}];
  ++to.requests;
  to.seconds += seconds;
  ++to.buckets.at(bucket);
}

std::map<request_statistics::key, request_statistics::tally> request_statistics::sum() const {
  std::map<key, tally> out;
  const std::lock_guard lock{mutex_};
  for (const auto& each : shards_) {
    const std::lock_guard shard_lock{each->mutex};
    for (const auto& [what, part] : each->tallies) {
      tally& to = out[what];
      to.requests += part.requests;
      to.seconds += part.seconds;
      for (std::size_t i = 0; i < to.buckets.size(); ++i) to.buckets[i] += part.buckets[i];
    }
  }
  return out;
}

std::vector<prometheus::MetricFamily> request_statistics::Collect() const {
  prometheus::MetricFamily totals{
      "http_requests_total", "Requests answered.", prometheus::MetricType::Counter, {}};
  prometheus::MetricFamily durations{"http_request_duration_seconds",
                                     "From the whole request to its answer.",
                                     prometheus::MetricType::Histogram,
                                     {}};
  for (const auto& [what, all] : sum()) {
    const auto& [method, route, status] = what;
    prometheus::ClientMetric metric;
    metric.label = {{"method", std::string{method}},
                    {"route", std::string{route}},
                    {"status", std::to_string(status)}};
    metric.counter.value = static_cast<double>(all.requests);
    totals.metric.push_back(metric);

    prometheus::ClientMetric duration;
    duration.label = metric.label;
    duration.histogram.sample_count = all.requests;
    duration.histogram.sample_sum = all.seconds;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      so_far += all.buckets[i];
      duration.histogram.bucket.push_back({so_far, bounds[i]});
    }
    durations.metric.push_back(std::move(duration));
  }
  return {std::move(totals), std::move(durations)};
}

}  // namespace cruddur::telemetry
