// Mentions, tags and links in a message, found on the server and given to clients as ranges, never
// as HTML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cruddur {

enum class entity_kind : std::uint8_t { mention, tag, link };

struct entity {
  entity_kind kind;
  std::uint32_t start;  // in UTF-16 code units from the message's start, as JavaScript counts
  std::uint32_t end;    // one past the last; the range takes in the sigil
  std::string value;  // the handle or tag in lower case without its sigil; the link's address, its
                      // scheme in lower case
};

inline constexpr std::size_t max_entities = 100;  // what stands after the hundredth is plain text

// In order, never overlapping.
//
// A mention is '@' and a handle, a tag is '#' and 1 to 50 letters, digits, marks or '_' (Unicode,
// at least one of them not a digit), and neither follows a letter, digit, '_', '@', '#', '/' or
// '&'. A link begins with http:// or https:// and goes on to white space, a quote or an angle
// bracket; closing punctuation at its end, and a ')' that it did not open, are not part of it.
// `text` must be valid UTF-8.
std::vector<entity> find_entities(std::string_view text);

}  // namespace cruddur
