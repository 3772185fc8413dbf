#include "domain/text.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include <unicode/rbbi.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include "base/utf8.hpp"
#include "domain/grapheme_rules.hpp"

namespace cruddur {
namespace {

struct utext_closer {
  void operator()(UText* text) const { utext_close(text); }
};

// Rules are costly to compile, so each thread keeps its own iterator.
icu::BreakIterator& grapheme_breaks() {
  thread_local const std::unique_ptr<icu::BreakIterator> breaks = [] {
    UErrorCode status = U_ZERO_ERROR;
    UParseError location{};
    const auto rules = icu::UnicodeString::fromUTF8(
        icu::StringPiece{grapheme_rules.data(), static_cast<std::int32_t>(grapheme_rules.size())});
    std::unique_ptr<icu::BreakIterator> made =
        std::make_unique<icu::RuleBasedBreakIterator>(rules, location, status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU does not take the character rules");
    return made;
  }();
  return *breaks;
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::size_t count_ascii(std::string_view text) {
  std::size_t count = text.size();
  for (std::size_t i = text.find("\r\n"); i != std::string_view::npos;
       i = text.find("\r\n", i + 2)) {
    --count;
  }
  return count;
}

// What JavaScript's trim() takes off: Unicode's white space and the byte order mark.
bool is_trimmed(UChar32 c) {
  return u_isUWhiteSpace(c) || c == 0xfeff;
}

std::string_view trim(std::string_view text) {
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
  auto begin = std::int32_t{0};
  auto end = static_cast<std::int32_t>(text.size());
  while (begin < end) {
    std::int32_t next = begin;
    UChar32 c = 0;
    U8_NEXT(data, next, end, c);
    if (!is_trimmed(c)) break;
    begin = next;
  }
  while (end > begin) {
    std::int32_t previous = end;
    UChar32 c = 0;
    U8_PREV(data, begin, previous, c);
    if (!is_trimmed(c)) break;
    end = previous;
  }
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

// Calls `visit` with each code point, and with a negative one for ill-formed bytes. Stops as soon
// as it gives false, and then gives false.
template <class F>
bool every_code_point(std::string_view text, F visit) {
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(data, i, size, c);
    if (!visit(c)) return false;
  }
  return true;
}

bool is_control(UChar32 c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

// Letters and signs whose picture is empty, although their properties say nothing of it: blank
// braille, a note head without ink, blanks of hieroglyphs and the Khitan filler.
bool has_blank_glyph(UChar32 c) {
  return c == 0x2800 || c == 0x1d159 || c == 0x13441 || c == 0x13442 || c == 0x16fe4;
}

bool is_seen(UChar32 c) {
  constexpr std::uint32_t unseen = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK;
  if (u_isUWhiteSpace(c) || has_blank_glyph(c)) return false;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return false;
  if ((U_GET_GC_MASK(c) & unseen) == 0) return !U_IS_UNICODE_NONCHAR(c);
  // The Arabic number sign and its like are format characters that are drawn.
  return u_hasBinaryProperty(c, UCHAR_PREPENDED_CONCATENATION_MARK);
}

std::string unify_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '\n' || !out.ends_with('\r')) {
      out.push_back(c);
      continue;
    }
    out.back() = '\n';
  }
  std::replace(out.begin(), out.end(), '\r', '\n');
  return out;
}

bool has_allowed_characters(std::string_view text, text_lines lines) {
  const bool one_line = lines == text_lines::one;
  return every_code_point(text, [one_line](UChar32 c) {
    if (c < 0 || U_IS_UNICODE_NONCHAR(c)) return false;
    if (one_line && (c == 0x2028 || c == 0x2029)) return false;
    return !is_control(c) || (!one_line && (c == '\n' || c == '\t'));
  });
}

// Marks that follow each other on one character. Format characters (joiners, tags) between them do
// not count.
bool has_bounded_marks(std::string_view text) {
  std::size_t marks = 0;
  return every_code_point(text, [&marks](UChar32 c) {
    const std::uint32_t category = U_GET_GC_MASK(c);
    if ((category & U_GC_M_MASK) != 0) return ++marks <= max_marks_in_a_row;
    if ((category & U_GC_CF_MASK) == 0) marks = 0;
    return true;
  });
}

enum class direction_sign : std::uint8_t { none, embedding, isolate, end_embedding, end_isolate };

direction_sign direction_of(UChar32 c) {
  if (c < 0x202a || c > 0x2069) return direction_sign::none;
  if (c == 0x202c) return direction_sign::end_embedding;
  if (c <= 0x202e) return direction_sign::embedding;
  if (c == 0x2069) return direction_sign::end_isolate;
  return c >= 0x2066 ? direction_sign::isolate : direction_sign::none;
}

// Whether each is closed by its own kind before its line ends, and none is closed that is not open.
bool has_closed_directions(std::string_view text) {
  std::vector<direction_sign> open;
  const auto close = [&open](direction_sign kind) {
    if (open.empty() || open.back() != kind) return false;
    open.pop_back();
    return true;
  };
  const bool well_formed = every_code_point(text, [&](UChar32 c) {
    if (c == '\n' || c == 0x2029) return open.empty();
    switch (const direction_sign sign = direction_of(c)) {
      case direction_sign::embedding:
      case direction_sign::isolate:
        open.push_back(sign);
        return true;
      case direction_sign::end_embedding:
        return close(direction_sign::embedding);
      case direction_sign::end_isolate:
        return close(direction_sign::isolate);
      case direction_sign::none:
        return true;
    }
    return true;
  });
  return well_formed && open.empty();
}

bool has_allowed_directions(std::string_view text, text_directions directions) {
  if (directions == text_directions::closed) return has_closed_directions(text);
  return every_code_point(text, [](UChar32 c) { return direction_of(c) == direction_sign::none; });
}

struct grapheme_sizes {
  std::size_t count = 0;
  std::size_t longest = 0;  // in code points
};

grapheme_sizes measure(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UText, utext_closer> view{
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status)};
  icu::BreakIterator& breaks = grapheme_breaks();
  breaks.setText(view.get(), status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU can't read the text");
  grapheme_sizes out;
  std::size_t begin = 0;
  for (auto end = breaks.next(); end != icu::BreakIterator::DONE; end = breaks.next()) {
    const auto stop = static_cast<std::size_t>(end);
    const auto points = std::ranges::count_if(text.substr(begin, stop - begin),
                                              [](char c) { return !U8_IS_TRAIL(c); });
    out.longest = std::max(out.longest, static_cast<std::size_t>(points));
    begin = stop;
    ++out.count;
  }
  return out;
}

}  // namespace

bool is_blank(std::string_view text) {
  return every_code_point(text, [](UChar32 c) { return c < 0 || !is_seen(c); });
}

std::size_t count_graphemes(std::string_view text) {
  return is_ascii(text) ? count_ascii(text) : measure(text).count;
}

std::expected<std::string, text_fault> check_text(std::string_view typed, const text_rule& rule) {
  // Trimming can't save a text this long; refusing it first keeps the work below small.
  if (typed.size() > 2 * rule.max_bytes) return std::unexpected(text_fault::too_long);
  if (!is_valid_utf8(typed)) return std::unexpected(text_fault::invalid);
  std::string text = unify_line_ends(trim(typed));
  if (!has_allowed_characters(text, rule.lines)) return std::unexpected(text_fault::invalid);
  if (text.size() > rule.max_bytes) return std::unexpected(text_fault::too_long);
  if (is_blank(text)) {
    if (rule.content == text_content::required) return std::unexpected(text_fault::blank);
    return std::string{};
  }
  if (is_ascii(text)) {
    if (count_ascii(text) > rule.max_graphemes) return std::unexpected(text_fault::too_long);
    return text;
  }
  if (!has_bounded_marks(text)) return std::unexpected(text_fault::marks);
  const grapheme_sizes sizes = measure(text);
  if (sizes.count > rule.max_graphemes) return std::unexpected(text_fault::too_long);
  if (sizes.longest > max_code_points_per_grapheme) return std::unexpected(text_fault::marks);
  if (!has_allowed_directions(text, rule.directions)) {
    return std::unexpected(text_fault::directions);
  }
  return text;
}

}  // namespace cruddur
