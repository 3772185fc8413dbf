// What a running server consists of. Made by compose.cpp, put on the wire by serve.cpp, started and
// stopped by application.cpp.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "adapters/smtp/outbox.hpp"
#include "adapters/sql/database.hpp"
#include "adapters/sql/doorbell.hpp"
#include "user_pool/session_monitor.hpp"
#include "user_pool/user_pool.hpp"
#include "api/services.hpp"
#include "api/system_routes.hpp"
#include "app/expiry_sweeper.hpp"
#include "app/profile_ids.hpp"
#include "app/write_budgets.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "main/application.hpp"
#include "main/neighbours.hpp"
#include "main/write_probe.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/event_loops.hpp"
#include "runtime/repeating_timer.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/refusal_count.hpp"

namespace cruddur {

inline constexpr const char* local_pool_id = "local_Cruddur";

// In the order in which they are made; torn down in reverse, after the loops have stopped.
struct application::parts {
  parts(const config::settings& from, logger& to)
      : settings{from},
        log{to},
        loops{from.event_loops, [this](std::string_view what) {
                log.write(log_level::error, "an event loop caught an exception", {{"error", what}});
              }} {}

  config::settings settings;
  logger& log;
  struct {
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> expired{0};
    std::atomic<std::int64_t> expiry_lag_ms{0};
  } counted;
  telemetry::refusal_count refused_work{log, "the database refuses work", sql::driver_fault_names};
  static constexpr std::string_view key_fetch_failures[]{"fetch_failed"};
  telemetry::refusal_count failed_key_fetches{log,
                                              "the identity provider's keys can't be fetched: "
                                              "tokens are checked with those at hand, and it "
                                              "is tried again",
                                              key_fetch_failures};
  telemetry::metrics metrics;
  std::atomic<bool> stopping{false};
  std::shared_ptr<movable_clock> time = std::make_shared<movable_clock>();
  runtime::event_loops loops;
  std::shared_ptr<runtime::blocking_pool> password_pool;
  std::shared_ptr<runtime::blocking_pool> mail_pool;

  std::unique_ptr<sql::database> database;
  std::unique_ptr<sql::doorbell> doorbell;
  std::unique_ptr<activity_store> activities;
  std::shared_ptr<profile_store> profiles;
  std::shared_ptr<session_store> sessions;

  std::shared_ptr<smtp::outbox> outbox;
  std::shared_ptr<user_pool::session_monitor> session_monitor;
  std::shared_ptr<token_verifier> tokens;
  std::unique_ptr<user_pool::user_pool> pool;

  std::unique_ptr<api::home_feed> home;
  std::unique_ptr<neighbours> others;
  std::unique_ptr<activity_observers> observers;
  std::unique_ptr<posting> posts;
  std::unique_ptr<likes> like;
  std::unique_ptr<write_budgets> budgets;
  std::unique_ptr<profile_ids> viewers;
  std::unique_ptr<expiry_sweeper> sweeper;
  std::vector<std::unique_ptr<runtime::repeating_timer>> timers;

  std::unique_ptr<write_probe> writes;
  std::unique_ptr<api::services> services;
  api::system_services system;
  std::unique_ptr<http::static_files> files;
  std::unique_ptr<http::server> server;
  // `server`, for /metrics, which may be asked early.
  std::atomic<http::server*> listening{nullptr};
  std::unique_ptr<http::server> metrics_server;  // where METRICS_ADDRESS is given

  // compose.cpp
  result<> open_storage();
  result<> make_use_cases();
  result<> make_identity();
  result<> make_local_pool();
  result<std::shared_ptr<mailer>> make_mailer();
  result<std::string> pool_secret() const;
  void read_revocations();
  task<result<>> remove_person(uuid identity);

  // serve.cpp
  result<> serve();
  void describe_system();
  void add_metrics();
  void raise_descriptor_limit();
  result<> serve_metrics();

  // application.cpp
  result<> prepare();
  result<> seed();
  result<> seed_if_empty();
  void start_background();
  void every(std::chrono::milliseconds period, std::function<task<>()> work);
};

// Runs a task on an event loop and waits for it; for the main thread only.
template <class T>
T wait_for(runtime::event_loops& loops, task<T> work) {
  return boost::asio::co_spawn(loops.loop(0), std::move(work), boost::asio::use_future).get();
}

// Why the server can't start.
inline std::unexpected<fault> unusable(std::string sentence) {
  return fail(fault_kind::unavailable, "start_failed", std::move(sentence));
}

}  // namespace cruddur
