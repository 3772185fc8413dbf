// What /metrics tells of each part.
#pragma once

#include "main/web.hpp"

namespace cruddur {

// All outlive the metrics.
void add_metrics(telemetry::metrics& metrics, process& process, const storage& storage,
                 use_cases& use_cases, identity& identity,
                 const std::atomic<http::server*>& server);

}  // namespace cruddur
