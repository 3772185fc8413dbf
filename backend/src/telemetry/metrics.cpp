#include "telemetry/metrics.hpp"

#include <fstream>
#include <mutex>

#include <prometheus/text_serializer.h>
#include <unistd.h>

#include "telemetry/request_counts.hpp"

namespace cruddur::telemetry {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily one_value(std::string name, std::string help, MetricType type, double value) {
  MetricFamily out{std::move(name), std::move(help), type, {}};
  auto& metric = out.metric.emplace_back();
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return out;
}

double seconds(std::chrono::milliseconds duration) {
  return static_cast<double>(duration.count()) / 1e3;
}

// /proc/self/statm: sizes in pages, the second one resident.
double resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

struct metrics::state {
  using callback = std::function<MetricFamily()>;
  request_counts requests;
  mutable std::mutex mutex;
  std::vector<callback> callbacks;

  void add(callback each) {
    const std::lock_guard lock{mutex};
    callbacks.push_back(std::move(each));
  }
};

metrics::metrics() : state_{std::make_unique<state>()} {
  add_gauge("process_resident_memory_bytes", "Resident memory.", resident_bytes);
  add_counter("process_cpu_seconds_total", "Processor time used.", cpu_seconds);
}

metrics::~metrics() = default;

void metrics::count_request(std::string_view method, std::string_view route, unsigned status,
                            std::chrono::microseconds took) {
  state_->requests.add(method, route, status, took);
}

void metrics::add_gauge(std::string name, std::string help, std::function<double()> read) {
  state_->add([name = std::move(name), help = std::move(help), read = std::move(read)] {
    return one_value(name, help, MetricType::Gauge, read());
  });
}

void metrics::add_counter(std::string name, std::string help, std::function<double()> read) {
  state_->add([name = std::move(name), help = std::move(help), read = std::move(read)] {
    return one_value(name, help, MetricType::Counter, read());
  });
}

void metrics::add_counters(std::string name, std::string help, std::string label,
                           std::function<labelled_values()> read) {
  state_->add([name = std::move(name), help = std::move(help), label = std::move(label),
               read = std::move(read)] {
    MetricFamily out{name, help, MetricType::Counter, {}};
    for (const auto& [text, value] : read()) {
      auto& metric = out.metric.emplace_back();
      metric.label = {{label, std::string{text}}};
      metric.counter.value = value;
    }
    return out;
  });
}

void metrics::add_histogram(std::string name, std::string help, const duration_histogram& counted) {
  state_->add([name = std::move(name), help = std::move(help), &counted] {
    MetricFamily out{name, help, MetricType::Histogram, {}};
    auto& histogram = out.metric.emplace_back().histogram;
    for (std::size_t i = 0; i < duration_histogram::bounds.size(); ++i) {
      histogram.sample_count += counted.count(i);
      histogram.bucket.push_back({histogram.sample_count, seconds(duration_histogram::bounds[i])});
    }
    histogram.sample_count += counted.count(duration_histogram::bounds.size());
    histogram.sample_sum = seconds(counted.sum());
    return out;
  });
}

std::string metrics::text() const {
  std::vector<MetricFamily> all = state_->requests.collect();
  {
    const std::lock_guard lock{state_->mutex};
    for (const auto& each : state_->callbacks) {
      all.push_back(each());
    }
  }
  return prometheus::TextSerializer{}.Serialize(all);
}

}  // namespace cruddur::telemetry
