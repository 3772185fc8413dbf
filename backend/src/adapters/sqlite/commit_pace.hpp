// Decides how long a commit may wait for company. Callers that were just let go often come back
// with their next write at once (a closed loop); a commit that waits for them saves an fsync.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cruddur::sqlite {

class commit_pace {
 public:
  using duration = std::chrono::steady_clock::duration;

  static constexpr std::size_t largest_batch = 512;  // units

  // Whether a batch of `taken` units should wait for more, when none are queued.
  bool wants_more(std::size_t taken) const { return taken < expected_ && taken < largest_batch; }

  // How long to wait in all: half a commit, so that waiting never costs more than it can save.
  duration patience() const {
    return std::clamp(commit_time_ / 2, duration{std::chrono::microseconds{50}},
                      duration{std::chrono::milliseconds{1}});
  }

  // How long to wait for one more: once arrivals dry up, nobody else is about to come.
  duration lull() const { return patience() / 4; }

  // After each commit: the units it covered, those that queued meanwhile, and how long it took.
  void committed(std::size_t covered, std::size_t queued, duration took) {
    const std::size_t active = covered + queued;
    expected_ = active > expected_ ? active : (expected_ * 3 + active) / 4;
    commit_time_ = (commit_time_ * 7 + took) / 8;
  }

 private:
  std::size_t expected_ = 1;  // callers that write at present
  duration commit_time_{};
};

}  // namespace cruddur::sqlite
