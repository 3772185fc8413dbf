// The program on the wire: its routes, its server, and what it tells of itself.
#pragma once

#include <atomic>
#include <memory>

#include "api/services.hpp"
#include "api/system.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "main/identity.hpp"
#include "main/process.hpp"
#include "main/storage.hpp"
#include "main/use_cases.hpp"
#include "main/write_probe.hpp"
#include "telemetry/metrics.hpp"

namespace cruddur {

struct web {
  web(process& process, storage& storage, use_cases& use_cases, identity& identity);

  telemetry::metrics metrics;
  write_probe writes;
  std::unique_ptr<write_probe> key_writes;  // where the keys have a database of their own
  api::services services;
  api::system_services system;
  http::static_files files;
  std::unique_ptr<http::server> server;
  std::unique_ptr<http::server> metrics_server;  // null without METRICS_ADDRESS

  // `server`, for /metrics, which may be asked while it starts.
  std::atomic<http::server*> listening{nullptr};
};

// Listens. All that it is made of outlives it. Fault: in words for the operator.
result<std::unique_ptr<web>> start_web(process& process, storage& storage, use_cases& use_cases,
                                       identity& identity);

}  // namespace cruddur
