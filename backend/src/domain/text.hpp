// Text that people typed: what is allowed in it, and how long it is to a reader. One rule for all
// of it (messages, names, biographies); frontend/src/shared/lib/text has the same, and both are
// tested with api/vectors/text.json.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace cruddur {

// Extended grapheme clusters (UAX #29), as the browser's Intl.Segmenter counts them. `text` must be
// valid UTF-8.
std::size_t count_graphemes(std::string_view text);

// Nothing in it can be seen: only white space, characters that are drawn as nothing (zero-width
// ones, fillers, blank braille, variation selectors, tags, controls) and private ones. A code point
// without a character yet may be a letter or an emoji of a newer Unicode, and is drawn as a box: it
// can be seen.
bool is_blank(std::string_view text);

// What one person adds to a letter so that it runs over other people's lines. No script and no
// emoji comes near: the highest stack that is written is a Tibetan one of 9 marks (U+0F67 and what
// is below and above it), Hebrew with all its points and accents has 6, a family with skin tones is
// 10 code points, the flag of a region 7, and the longest conjuncts are around 12.
inline constexpr std::size_t max_marks_in_a_row = 10;
inline constexpr std::size_t max_code_points_per_grapheme = 32;

enum class text_fault : std::uint8_t {
  invalid,     // not UTF-8, or a control or noncharacter in it
  blank,       // nothing in it can be seen
  too_long,    // in grapheme clusters or bytes
  marks,       // more marks or parts on one character than the bounds above
  directions,  // see text_rule::directions
};

enum class text_lines : std::uint8_t { one, many };

// Characters that turn the direction of what follows (U+202A to U+202E, U+2066 to U+2069): `closed`
// lets them be when each is closed in its line, in the right order, so that no neighbour is turned;
// `none` refuses them, for what stands within other text.
enum class text_directions : std::uint8_t { closed, none };

enum class text_content : std::uint8_t { required, optional };

struct text_rule {
  std::size_t max_graphemes;
  std::size_t max_bytes;
  text_lines lines = text_lines::many;
  text_directions directions = text_directions::closed;
  text_content content = text_content::required;
};

// The text as it will be kept: white space (Unicode White_Space, and U+FEFF) trimmed at both ends,
// CR LF and CR turned into LF. Of controls only LF and TAB are allowed; in one line neither, nor
// the separators of lines and paragraphs.
std::expected<std::string, text_fault> check_text(std::string_view typed, const text_rule& rule);

}  // namespace cruddur
