#include "telemetry/refusal_count.hpp"

namespace cruddur::telemetry {
namespace {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

refusal_count::refusal_count(logger& log, std::string_view sentence,
                             std::span<const std::string_view> reasons,
                             std::chrono::milliseconds quiet)
    : log_{log},
      sentence_{sentence},
      reasons_{reasons},
      quiet_{quiet},
      tallies_{std::make_unique<tally[]>(reasons.size())} {}

void refusal_count::add(std::size_t reason, std::string_view detail) {
  tally& own = tallies_[reason];
  const std::uint64_t all = ++own.all;
  const std::int64_t now = steady_ms();
  std::int64_t until = own.quiet_until;
  // Of threads that come at once, the one that sets the time anew writes the line.
  if (now < until || !own.quiet_until.compare_exchange_strong(until, now + quiet_.count())) return;
  const std::uint64_t before = own.told.exchange(all);
  const auto count = static_cast<std::int64_t>(all - std::min(all, before));
  if (detail.empty()) {
    log_.write(log_level::error, sentence_, {{"reason", reasons_[reason]}, {"count", count}});
  } else {
    log_.write(log_level::error, sentence_,
               {{"reason", reasons_[reason]}, {"count", count}, {"detail", detail}});
  }
}

}  // namespace cruddur::telemetry
