// How long a post lives: one of seven lifetimes, chosen by its author.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace cruddur {

struct time_to_live {
  std::string_view code;  // as the API spells it
  std::chrono::hours duration;
};

inline constexpr std::array<time_to_live, 7> lifetimes{{
    {"30-days", std::chrono::hours{30 * 24}},
    {"7-days", std::chrono::hours{7 * 24}},
    {"3-days", std::chrono::hours{3 * 24}},
    {"1-day", std::chrono::hours{24}},
    {"12-hours", std::chrono::hours{12}},
    {"3-hours", std::chrono::hours{3}},
    {"1-hour", std::chrono::hours{1}},
}};

constexpr std::optional<time_to_live> parse_time_to_live(std::string_view code) {
  for (const auto& each : lifetimes) {
    if (each.code == code) return each;
  }
  return std::nullopt;
}

}  // namespace cruddur
