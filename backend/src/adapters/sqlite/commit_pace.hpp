// Decides how long a commit waits for more units of work. A caller that was just answered often
// sends its next write at once; a commit that waits for such callers saves the fsync that they
// would need a moment later. How many callers write, and how long a commit takes, is learnt from
// the commits before.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cruddur::sqlite {

class commit_pace {
 public:
  using duration = std::chrono::steady_clock::duration;

  // In units of work.
  static constexpr std::size_t largest_batch = 512;

  // Whether a batch of `taken` units should wait for more, when none are queued.
  bool wants_more(std::size_t taken) const { return taken < expected_ && taken < largest_batch; }

  // How long a batch may wait in all: half the time of a commit, so that waiting never costs more
  // than the fsync it can save. Between 50 µs and 1 ms.
  duration wait_limit() const {
    return std::clamp(commit_time_ / 2, duration{std::chrono::microseconds{50}},
                      duration{std::chrono::milliseconds{1}});
  }

  // How long to wait for one more unit: after a gap of this length, no more are likely to come.
  duration gap_limit() const { return wait_limit() / 4; }

  // After each commit: the units it covered, the units that were queued meanwhile, and its time.
  void record_commit(std::size_t covered, std::size_t queued, duration commit_time) {
    const std::size_t active = covered + queued;
    expected_ = active > expected_ ? active : (expected_ * 3 + active) / 4;
    commit_time_ = (commit_time_ * 7 + commit_time) / 8;
  }

 private:
  // Callers that write at present: rises at once, falls slowly.
  std::size_t expected_ = 1;
  // A moving average.
  duration commit_time_{};
};

}  // namespace cruddur::sqlite
