// The keys under which contents are sealed, one key a content. Destroying the key is how a content
// ends: copies of the sealed bytes may lie in files, logs, replicas and backups, and nobody can
// read them any more (NIST SP 800-88, cryptographic erase).
//
// A key is known by its slot, a number that is never given out twice. The slot stands in the
// content's row; the row's end writes it down as ended, and only then is the key destroyed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/fault.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace cruddur {

using key_slot = std::int64_t;  // > 0

// How long the content is expected to live. Keys that end together are kept together, so that their
// space can be used again; a wrong guess costs space and nothing else.
enum class key_term : std::uint8_t { hours, days, lasting };
inline constexpr std::size_t key_terms = 3;

struct reserved_key {
  key_slot slot;
  secret key;
};

// Thread-safe. Every operation may also give unavailable (keys_unavailable).
class content_keys {
 public:
  // The most that one call may ask for.
  static constexpr std::size_t batch_limit = 1024;

  virtual ~content_keys() = default;

  // `count` new keys. They are durable before they are given out, and taken from then on: whoever
  // does not use one destroys it.
  virtual task<result<std::vector<reserved_key>>> reserve(std::size_t count, key_term term) = 0;

  // In the order of the slots; nothing for a key that was destroyed or never given out.
  virtual task<result<std::vector<std::optional<secret>>>> load(std::vector<key_slot> slots) = 0;

  // When this returns, no process and no restart gives one of these keys again. Slots that were
  // destroyed before or never given out change nothing. After a fault any of them may be destroyed
  // or not: ask again.
  virtual task<result<>> destroy(std::vector<key_slot> slots) = 0;
};

}  // namespace cruddur
