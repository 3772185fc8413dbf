// Profiles that were opened a moment ago: one person's stand on many posts, and above each that is
// written. Each is kept for ten seconds, up to 1,024 of them, and given only for a row that holds
// the same bytes under the same slot. When there is no room, no more are added.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/uuid.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::sql {

// Thread-safe.
class opened_profiles {
 public:
  using time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t most = 1024;
  static constexpr std::chrono::seconds kept_for{10};

  std::optional<std::string> find(key_slot slot, uuid id, std::string_view sealed, time now);
  void add(key_slot slot, uuid id, std::string_view sealed, std::string text, time now);

  // Call it now and then: what nobody asks for goes here.
  void drop_old(time now);

 private:
  struct opened {
    uuid id;
    std::string sealed;
    std::string text;
    time since;
  };

  std::mutex mutex_;
  std::unordered_map<key_slot, opened> profiles_;
};

}  // namespace cruddur::sql
