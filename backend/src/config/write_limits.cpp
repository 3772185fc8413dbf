#include "config/write_limits.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace cruddur::config {
namespace {

constexpr std::int64_t most = 1'000'000;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto end = text.find(separator);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::chrono::seconds> unit_of(std::string_view name) {
  if (name == "min") return std::chrono::minutes{1};
  if (name == "hour") return std::chrono::hours{1};
  if (name == "day") return std::chrono::days{1};
  return std::nullopt;
}

std::optional<rate_window> read_window(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto length = unit_of(text.substr(slash + 1));
  rate_window out{.quota = 0, .length = length.value_or(std::chrono::seconds{0})};
  const auto [end, error] = std::from_chars(text.data(), text.data() + slash, out.quota);
  if (!length || error != std::errc{} || end != text.data() + slash) return std::nullopt;
  if (out.quota < 1 || out.quota > most) return std::nullopt;
  return out;
}

}  // namespace

std::string read_write_limits(settings& target, std::string_view value) {
  write_limits out = default_write_limits();
  if (value == "off") {
    target.writing = {};
    return {};
  }
  std::array<bool, write_kind_names.size()> named{};
  for (const std::string_view each : split(value, ';')) {
    const auto colon = each.find(':');
    const std::string_view name = each.substr(0, colon);
    const auto found = std::ranges::find(write_kind_names, name);
    if (colon == std::string_view::npos || found == write_kind_names.end()) {
      return fmt::format(
          "must be off, or limits such as posts:30/min,500/day with ; between, of {}",
          fmt::join(write_kind_names, ", "));
    }
    const auto kind = static_cast<std::size_t>(found - write_kind_names.begin());
    if (std::exchange(named[kind], true)) return fmt::format("must name {} once", name);
    auto& windows = out.windows[kind];
    windows.clear();
    if (each.substr(colon + 1) == "off") continue;
    for (const std::string_view text : split(each.substr(colon + 1), ',')) {
      const auto window = read_window(text);
      if (!window) {
        return fmt::format(
            "must limit {} by off or by numbers from 1 to {} with /min, /hour or /day", name, most);
      }
      const bool twice =
          std::ranges::find(windows, window->length, &rate_window::length) != windows.end();
      if (twice) return fmt::format("must limit {} once {}", name, text.substr(text.find('/')));
      windows.push_back(*window);
    }
  }
  target.writing = std::move(out);
  return {};
}

write_limits default_write_limits() {
  using std::chrono::days;
  using std::chrono::minutes;
  write_limits out;
  out.windows = {std::vector<rate_window>{{30, minutes{1}}, {500, days{1}}},
                 {{60, minutes{1}}},
                 {{120, minutes{1}}},
                 {{60, minutes{1}}}};
  return out;
}

}  // namespace cruddur::config
