// What every part of the program has at hand: its settings, log, clock and event loops, and what it
// counts.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "adapters/sql/database.hpp"
#include "adapters/sql/driver_fault.hpp"
#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/logger.hpp"
#include "config/settings.hpp"
#include "runtime/event_loops.hpp"
#include "telemetry/duration_histogram.hpp"
#include "telemetry/refusal_count.hpp"

namespace cruddur {

inline constexpr std::string_view key_fetch_failures[]{"fetch_failed"};
inline constexpr std::string_view key_failures[]{"failed"};

struct process {
  // `log` outlives it.
  process(config::settings parsed, logger& output)
      : settings{std::move(parsed)},
        log{output},
        loops{settings.event_loops, [&output](std::string_view reason) {
                output.write(log_level::error, "an event loop caught an exception",
                             {{"error", reason}});
              }} {}

  // A hook that writes the sentence that it is given.
  std::function<void(std::string_view)> error_log() {
    return [&output = log](std::string_view sentence) { output.write(log_level::error, sentence); };
  }

  // A hook that writes `sentence` with the reason that it is given.
  std::function<void(std::string_view)> error_log(std::string sentence) {
    return [&output = log, sentence = std::move(sentence)](std::string_view reason) {
      output.write(log_level::error, sentence, {{"error", reason}});
    };
  }

  // Runs a task on an event loop and waits for it; for the main thread only.
  template <class T>
  T wait_for(task<T> work) {
    return boost::asio::co_spawn(loops.loop(0), std::move(work), boost::asio::use_future).get();
  }

  config::settings settings;
  logger& log;
  std::shared_ptr<movable_clock> clock = std::make_shared<movable_clock>();
  std::atomic<bool> stopping{false};

  struct {
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> expired{0};
    std::atomic<std::int64_t> expiry_lag_ms{0};
    std::atomic<std::uint64_t> destroyed_keys{0};
    std::atomic<std::int64_t> key_lag_ms{0};
  } counts;
  // How long after its time was up a post's end was announced, and how long after a content's end
  // its key was gone.
  telemetry::duration_histogram announcements;
  telemetry::duration_histogram key_ends;
  telemetry::refusal_count refused_work{log, "the database refuses work", sql::driver_fault_names};
  telemetry::refusal_count refused_keys{log, "the store of content keys fails", key_failures};
  telemetry::refusal_count failed_key_fetches{log,
                                              "the identity provider's keys can't be fetched: "
                                              "tokens are checked with those at hand, and it "
                                              "is tried again",
                                              key_fetch_failures};

  runtime::event_loops loops;

  // Only where KEYS_URL names one (main/key_database.hpp).
  std::unique_ptr<sql::database> key_database;
};

// Why the program can't start, in words for the operator.
inline std::unexpected<fault> start_fault(std::string sentence) {
  return fail(fault_kind::unavailable, "start_failed", std::move(sentence));
}

}  // namespace cruddur
