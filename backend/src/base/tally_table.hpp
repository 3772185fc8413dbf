// What is counted by name, in bounded memory. When there is no room for another name, the one with
// the oldest time is forgotten: a crowd of names can loosen limits, but not grow the memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace cruddur {

// Keyed by a random seed, so that nobody can choose names that push out another's. Never 0.
class name_hash {
 public:
  name_hash();
  std::uint64_t operator()(std::string_view name) const;

 private:
  std::uint64_t seed_;
};

// `Tally` is copyable and has a `time_point time`. Not thread-safe, except for key_of().
template <class Tally>
class tally_table {
 public:
  static constexpr std::size_t ways = 8;

  // Holds up to `sets` × `ways` names.
  explicit tally_table(std::size_t sets = 4096) : sets_(sets) {}

  std::uint64_t key_of(std::string_view name) const { return hash_(name); }

  // The tally of a key; `fresh` when nothing is known of it. Good until the next call.
  Tally& find(std::uint64_t key, const Tally& fresh) {
    auto& place = sets_[key % sets_.size()];
    if (!place) place = std::make_unique<names>();
    auto& set = *place;
    auto found = std::ranges::find(set, key, &entry::key);
    if (found == set.end()) {
      found = std::ranges::min_element(set, {}, [](const entry& each) {
        return each.key == 0 ? time_point::min() : each.tally.time;
      });
      *found = {key, fresh};
    }
    return found->tally;
  }

 private:
  struct entry {
    std::uint64_t key = 0;  // 0 marks a free one
    Tally tally{};
  };

  using names = std::array<entry, ways>;

  name_hash hash_;
  std::vector<std::unique_ptr<names>> sets_;  // each from its first name on
};

}  // namespace cruddur
