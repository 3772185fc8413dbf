// Mentions, tags and links in a message, found on the server when it is written and given to
// clients as ranges, never as HTML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cruddur {

enum class entity_kind : std::uint8_t { mention, tag, link };

struct entity {
  entity_kind kind;
  // In UTF-16 code units from the message's start, as JavaScript counts.
  std::uint32_t start;
  // One past the last. The range takes in the sigil.
  std::uint32_t end;
  // The handle in lower case, or the tag in lower case and NFC, both without their sigil; of a link
  // the address, with its scheme in lower case.
  std::string value;
};

// The hundred first are found; those after them stay plain text.
inline constexpr std::size_t max_entities = 100;

// In order, never overlapping. `text` must be valid UTF-8.
//
// None begins within a word: after a letter, digit, '_', '@', '#', '/' or '&'; after a letter of a
// script that has no spaces between words it does.
//
// A mention is '@' and a handle that no letter, '@name' or '.name' follows: those belong to people
// elsewhere and to mail addresses.
//
// A tag is '#' (also full-width) and 1 to 50 letters, digits, marks or '_', with joiners and middle
// dots between them and a letter among them.
//
// A link begins with http:// or https://, or is a host name that a reader would take for one
// (domain/host_name.hpp), which becomes https://. It goes on to white space, a quote, an angle
// bracket, or punctuation outside ASCII that ends a sentence or brackets a part of it; closing
// punctuation at its end, and a bracket that it did not open, are not part of it.
std::vector<entity> find_entities(std::string_view text);

}  // namespace cruddur
