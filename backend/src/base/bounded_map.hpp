// A map of bounded size for caches: sets of a few entries each, under a few locks. Every operation
// looks at one set only, so none takes longer when the map is full. Thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cruddur {

// `Hash` need not spread in all its bits.
template <class Key, class Value, class Hash>
class bounded_map {
 public:
  // Holds `capacity` entries, rounded up to a power of two; memory is taken as sets fill.
  explicit bounded_map(std::size_t capacity) {
    while (set_count_ * ways < capacity) set_count_ *= 2;
    sets_ = std::make_unique<set[]>(set_count_);
  }

  std::optional<Value> find(const Key& key) {
    const std::size_t hash = Hash{}(key);
    const std::lock_guard lock{lock_of(hash)};
    set& set = sets_[index_of(hash)];
    const auto found = std::ranges::find(set.entries, key, &entry::key);
    if (found == set.entries.end()) return std::nullopt;
    found->used = ++set.clock;
    return found->value;
  }

  // Replaces what the key had. A full set makes room by dropping an entry that `is_stale`, else the
  // one that was longest not asked for.
  template <class Stale>
  void put(const Key& key, Value value, Stale is_stale) {
    const std::size_t hash = Hash{}(key);
    const std::lock_guard lock{lock_of(hash)};
    set& set = sets_[index_of(hash)];
    const std::uint32_t now = ++set.clock;
    auto found = std::ranges::find(set.entries, key, &entry::key);
    if (found == set.entries.end() && set.entries.size() == ways) {
      found = std::ranges::find_if(set.entries,
                                   [&](const entry& each) { return is_stale(each.value); });
    }
    if (found == set.entries.end() && set.entries.size() == ways) {
      found = std::ranges::max_element(set.entries, {},
                                       [now](const entry& each) { return now - each.used; });
    }
    if (found == set.entries.end()) {
      set.entries.push_back({key, std::move(value), now});
    } else {
      *found = {key, std::move(value), now};
    }
  }

  void erase(const Key& key) {
    const std::size_t hash = Hash{}(key);
    const std::lock_guard lock{lock_of(hash)};
    std::erase_if(sets_[index_of(hash)].entries,
                  [&](const entry& each) { return each.key == key; });
  }

 private:
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t lock_count = 64;

  struct entry {
    Key key;
    Value value;
    std::uint32_t used;  // by the set's clock
  };
  struct set {
    std::vector<entry> entries;
    std::uint32_t clock = 0;
  };

  std::size_t index_of(std::size_t hash) const {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15U;
    return ((hash * golden_ratio) >> 32U) & (set_count_ - 1);
  }
  std::mutex& lock_of(std::size_t hash) { return locks_[index_of(hash) % lock_count]; }

  std::size_t set_count_ = 1;
  std::unique_ptr<set[]> sets_;
  std::array<std::mutex, lock_count> locks_;
};

}  // namespace cruddur
