// Counts what was refused or failed, by its reason, and tells the log of it without flooding it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/logger.hpp"

namespace cruddur::telemetry {

// Thread-safe; add() takes no lock.
class refusal_count {
 public:
  // `sentence` is the log line's message. Each reason writes it at once, and then at most once in
  // `quiet` with the number of those since the last line. `reasons` names the reasons. Both texts
  // outlive this object.
  refusal_count(logger& log, std::string_view sentence, std::span<const std::string_view> reasons,
                std::chrono::milliseconds quiet = std::chrono::minutes{1});

  // `detail` is for the log: what the other side said. Empty when there is nothing to add.
  void add(std::size_t reason, std::string_view detail = {});

  std::uint64_t count(std::size_t reason) const { return tallies_[reason].all; }
  std::span<const std::string_view> reasons() const { return reasons_; }

 private:
  struct tally {
    std::atomic<std::uint64_t> all{0};
    std::atomic<std::uint64_t> told{0};        // how many the lines so far have told of
    std::atomic<std::int64_t> quiet_until{0};  // on the steady clock, ms
  };

  logger& log_;
  const std::string_view sentence_;
  const std::span<const std::string_view> reasons_;
  const std::chrono::milliseconds quiet_;
  const std::unique_ptr<tally[]> tallies_;  // one for each reason
};

}  // namespace cruddur::telemetry
