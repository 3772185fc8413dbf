#include "app/write_budgets.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "base/tally_table.hpp"

namespace cruddur {
namespace {

using std::chrono::seconds;

// One of an account's windows: when it began, and what was written since.
struct window_tally {
  time_point time{};
  std::int64_t used = 0;
};

std::string unit_of(seconds length) {
  if (length == std::chrono::minutes{1}) return "a minute";
  if (length == std::chrono::hours{1}) return "an hour";
  if (length == std::chrono::days{1}) return "a day";
  return "in " + std::to_string(length.count()) + " seconds";
}

// "posts" for the first window of posts, "posts-86400" for another.
std::string name_of(write_kind kind, const std::vector<rate_window>& windows, std::size_t index) {
  std::string out{write_kind_names[static_cast<std::size_t>(kind)]};
  if (index > 0) out += "-" + std::to_string(windows[index].length.count());
  return out;
}

seconds round_up(std::chrono::milliseconds wait) {
  return std::max(seconds{1}, std::chrono::ceil<seconds>(wait));
}

}  // namespace

struct write_budgets::state {
  using key_under_way = std::tuple<write_kind, uuid, uuid>;
  struct group {
    int requests = 0;
    bool wrote = false;
  };

  std::mutex mutex;
  tally_table<window_tally> tallies;
  std::map<key_under_way, group> under_way;  // as many as requests under way, at most

  // The account's window as it is at `now`.
  window_tally& find(write_kind kind, std::size_t index, const rate_window& window, uuid account,
                     time_point now) {
    std::string name{static_cast<char>(kind), static_cast<char>(index)};
    name.append(reinterpret_cast<const char*>(account.bytes.data()), account.bytes.size());
    window_tally& found = tallies.find(tallies.key_of(name), {.time = now});
    if (found.used == 0 || now >= found.time + window.length) found = {.time = now};
    return found;
  }
};

write_budgets::write_budgets(write_limits limits)
    : limits_{std::move(limits)}, state_{std::make_unique<state>()} {}

write_budgets::~write_budgets() = default;

result<> write_budgets::take(write_kind kind, uuid account, std::optional<uuid> key,
                             time_point now) {
  const auto& windows = limits_.windows[static_cast<std::size_t>(kind)];
  if (windows.empty()) return {};
  const std::lock_guard lock{state_->mutex};
  if (key) {
    const auto found = state_->under_way.find({kind, account, *key});
    if (found != state_->under_way.end()) {
      ++found->second.requests;
      return {};
    }
  }
  // Of several that are full, the one that is so for the longest time.
  std::size_t full = 0;
  seconds wait{0};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const window_tally& tally = state_->find(kind, i, windows[i], account, now);
    if (tally.used < windows[i].quota) continue;
    const seconds rest = round_up(tally.time + windows[i].length - now);
    if (rest > wait) full = i;
    wait = std::max(wait, rest);
  }
  if (wait > seconds{0}) {
    return fail(fault_kind::rate_limited, "rate_limited",
                "The limit \"" + name_of(kind, windows, full) + "\" is " +
                    std::to_string(windows[full].quota) + " " + unit_of(windows[full].length) +
                    ". Try again in " + std::to_string(wait.count()) + " s.",
                wait);
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    ++state_->find(kind, i, windows[i], account, now).used;
  }
  if (key) state_->under_way[{kind, account, *key}].requests = 1;
  return {};
}

void write_budgets::settle(write_kind kind, uuid account, std::optional<uuid> key, bool wrote,
                           time_point now) {
  const auto& windows = limits_.windows[static_cast<std::size_t>(kind)];
  if (windows.empty()) return;
  const std::lock_guard lock{state_->mutex};
  if (key) {
    const auto found = state_->under_way.find({kind, account, *key});
    if (found == state_->under_way.end()) return;
    found->second.wrote = found->second.wrote || wrote;
    if (--found->second.requests > 0) return;
    wrote = found->second.wrote;
    state_->under_way.erase(found);
  }
  if (wrote) return;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    window_tally& tally = state_->find(kind, i, windows[i], account, now);
    tally.used = std::max<std::int64_t>(0, tally.used - 1);
  }
}

write_budgets::fields write_budgets::describe(write_kind kind, uuid account, time_point now) {
  const auto& windows = limits_.windows[static_cast<std::size_t>(kind)];
  fields out;
  const std::lock_guard lock{state_->mutex};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const window_tally& tally = state_->find(kind, i, windows[i], account, now);
    const std::string name = (i > 0 ? ", \"" : "\"") + name_of(kind, windows, i) + "\"";
    out.policy += name + ";q=" + std::to_string(windows[i].quota) +
                  ";w=" + std::to_string(windows[i].length.count());
    out.state += name +
                 ";r=" + std::to_string(std::max<std::int64_t>(0, windows[i].quota - tally.used)) +
                 ";t=" + std::to_string(round_up(tally.time + windows[i].length - now).count());
  }
  return out;
}

}  // namespace cruddur
