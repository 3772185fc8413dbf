// How much one account may write.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cruddur {

enum class write_kind : std::uint8_t { posts, replies, likes, deletions };
inline constexpr std::array<std::string_view, 4> write_kind_names{"posts", "replies", "likes",
                                                                  "deletions"};

// At most `quota` in a window that begins with its first write.
struct rate_window {
  std::int64_t quota;
  std::chrono::seconds length;
};

// By write_kind; one without windows is not limited.
struct write_limits {
  static constexpr std::size_t most_windows = 3;
  std::array<std::vector<rate_window>, write_kind_names.size()> windows;
};

}  // namespace cruddur
