// An activity is a post or a reply: text that lives until expires_at and is then gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace cruddur {

inline constexpr std::size_t post_max_graphemes = 280;
inline constexpr std::size_t reply_max_graphemes = 1024;
inline constexpr std::size_t message_max_bytes = 8 * 1024;

// What other people's actions change. The revision grows with every change of the row, so of two
// readings the one with the greater revision is the newer, whatever order they arrive in.
struct activity_counts {
  std::int64_t likes = 0;
  std::int64_t replies = 0;  // direct ones that are not deleted
  std::int64_t revision = 0;
};

struct activity {
  uuid id;  // version 7: greater is newer
  uuid author;
  std::string handle;        // the author's
  std::string display_name;  // the author's
  std::string message;       // as check_message() gives it
  // Found when it was written; as entities_json() gives them (domain/entity_list.hpp).
  std::string entities = "[]";
  time_point created_at;
  time_point expires_at;  // a reply's is its root's
  std::optional<uuid> reply_to;
  std::optional<uuid> root;  // nothing for a root
  activity_counts counts;
  bool deleted = false;  // a tombstone above replies: no author and no text
  bool liked = false;    // by the reader it was read for
};

}  // namespace cruddur
