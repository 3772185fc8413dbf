// What /metrics tells, in the text format of Prometheus.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/duration_histogram.hpp"

namespace cruddur::telemetry {

class metrics {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  // Counts a request into http_requests_total and http_request_duration_seconds. `method` and
  // `route` come from small fixed sets. Each thread counts for itself; safe and cheap on any.
  void count_request(std::string_view method, std::string_view route, unsigned status,
                     std::chrono::microseconds took);

  // Values that are read at each scrape, on the thread that calls text(). A counter never falls.
  // `name` as Prometheus wants it (cruddur_…_seconds, …_total). What they read must outlive this.
  void add_gauge(std::string name, std::string help, std::function<double()> read);
  void add_counter(std::string name, std::string help, std::function<double()> read);

  // As add_counter, for several that differ in one label.
  using labelled_values = std::vector<std::pair<std::string_view, double>>;
  void add_counters(std::string name, std::string help, std::string label,
                    std::function<labelled_values()> read);

  // In seconds; must outlive this.
  void add_histogram(std::string name, std::string help, const duration_histogram& counted);

  // Thread-safe.
  std::string text() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::telemetry
