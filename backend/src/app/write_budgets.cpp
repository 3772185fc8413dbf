#include "app/write_budgets.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <tuple>

#include "base/digest.hpp"
#include "base/random.hpp"

namespace cruddur {
namespace {

using std::chrono::seconds;

// A set-associative table of accounts' windows: when a set is full, the one that began longest ago
// makes room, so a crowd of accounts can loosen limits but not grow the memory.
constexpr std::size_t ways = 8;
constexpr std::size_t sets = 4096;

struct entry {
  std::uint64_t key = 0;  // 0 marks a free one
  time_point begun{};
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
  std::uint64_t seed = random_below(std::numeric_limits<std::uint64_t>::max());
  std::vector<std::array<entry, ways>> entries{sets};
  std::map<key_under_way, group> under_way;  // as many as requests under way, at most

  // The account's window as it is at `now`. Keyed hashes, so that nobody chooses their set.
  entry& find(write_kind kind, std::size_t index, const rate_window& window, uuid account,
              time_point now) {
    std::string text(reinterpret_cast<const char*>(&seed), sizeof seed);
    text += static_cast<char>('0' + static_cast<int>(kind));
    text += static_cast<char>('0' + static_cast<int>(index));
    text.append(reinterpret_cast<const char*>(account.bytes.data()), account.bytes.size());
    std::uint64_t key = 0;
    std::memcpy(&key, sha256(text).data(), sizeof key);
    key = std::max<std::uint64_t>(key, 1);
    auto& set = entries[key % sets];
    auto found = std::ranges::find(set, key, &entry::key);
    if (found == set.end()) {
      found = std::ranges::min_element(
          set, {}, [](const entry& of) { return of.key == 0 ? time_point::min() : of.begun; });
      *found = {.key = key, .begun = now, .used = 0};
    }
    if (found->used == 0 || now >= found->begun + window.length) {
      found->begun = now;
      found->used = 0;
    }
    return *found;
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
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const entry& at = state_->find(kind, i, windows[i], account, now);
    if (at.used < windows[i].quota) continue;
    const seconds wait = round_up(at.begun + windows[i].length - now);
    return std::unexpected(fault{fault_kind::rate_limited,
                                 {"rate_limited"},
                                 "The limit \"" + name_of(kind, windows, i) + "\" is " +
                                     std::to_string(windows[i].quota) + " " +
                                     unit_of(windows[i].length) + ". Try again in " +
                                     std::to_string(wait.count()) + " s.",
                                 {},
                                 wait});
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
    entry& at = state_->find(kind, i, windows[i], account, now);
    at.used = std::max<std::int64_t>(0, at.used - 1);
  }
}

write_budgets::fields write_budgets::describe(write_kind kind, uuid account, time_point now) {
  const auto& windows = limits_.windows[static_cast<std::size_t>(kind)];
  fields out;
  const std::lock_guard lock{state_->mutex};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const entry& at = state_->find(kind, i, windows[i], account, now);
    const std::string name = (i > 0 ? ", \"" : "\"") + name_of(kind, windows, i) + "\"";
    out.policy += name + ";q=" + std::to_string(windows[i].quota) +
                  ";w=" + std::to_string(windows[i].length.count());
    out.state += name +
                 ";r=" + std::to_string(std::max<std::int64_t>(0, windows[i].quota - at.used)) +
                 ";t=" + std::to_string(round_up(at.begun + windows[i].length - now).count());
  }
  return out;
}

}  // namespace cruddur
