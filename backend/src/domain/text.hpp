// Text that people typed: what is allowed in it, and how long it is to a reader.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur {

// Extended grapheme clusters (UAX #29), as the browser's Intl.Segmenter counts them. `text` must be
// valid UTF-8.
std::size_t count_graphemes(std::string_view text);

bool is_valid_utf8(std::string_view text);

// Nothing in it can be seen: only white space, format characters (zero-width ones) and code points
// without a glyph.
bool is_blank(std::string_view text);

// Trims white space (Unicode White_Space, and U+FEFF) at both ends and turns CR LF and CR into LF.
// Nothing when the text is not valid UTF-8 or holds a control character other than LF and TAB.
std::optional<std::string> tidy_text(std::string_view text);

// As tidy_text, for one line: LF and TAB are refused too.
std::optional<std::string> tidy_line(std::string_view text);

}  // namespace cruddur
