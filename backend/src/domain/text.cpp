#include "domain/text.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include <unicode/rbbi.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

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
    UParseError where{};
    const auto rules = icu::UnicodeString::fromUTF8(
        icu::StringPiece{grapheme_rules.data(), static_cast<std::int32_t>(grapheme_rules.size())});
    std::unique_ptr<icu::BreakIterator> made =
        std::make_unique<icu::RuleBasedBreakIterator>(rules, where, status);
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
  for (std::size_t at = text.find("\r\n"); at != std::string_view::npos;
       at = text.find("\r\n", at + 2)) {
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

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(data, at, size, c);
    if (c < 0) return false;
  }
  return true;
}

bool is_blank(std::string_view text) {
  // Without the unassigned: they may be letters or emoji of a newer Unicode.
  constexpr std::uint32_t unseen = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK;
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(data, at, size, c);
    if (c >= 0 && !u_isUWhiteSpace(c) &&
        !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
        (U_GET_GC_MASK(c) & unseen) == 0) {
      return false;
    }
  }
  return true;
}

std::size_t count_graphemes(std::string_view text) {
  if (is_ascii(text)) return count_ascii(text);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UText, utext_closer> view{
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status)};
  icu::BreakIterator& breaks = grapheme_breaks();
  breaks.setText(view.get(), status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU can't read the text");
  std::size_t count = 0;
  while (breaks.next() != icu::BreakIterator::DONE) ++count;
  return count;
}

std::optional<std::string> tidy_text(std::string_view text) {
  if (!is_valid_utf8(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  for (const char c : trim(text)) {
    if (c != '\n' || !out.ends_with('\r')) {
      out.push_back(c);
      continue;
    }
    out.back() = '\n';
  }
  std::replace(out.begin(), out.end(), '\r', '\n');
  const auto* const data = reinterpret_cast<const std::uint8_t*>(out.data());
  const auto size = static_cast<std::int32_t>(out.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(data, at, size, c);
    if (is_control(static_cast<char32_t>(c)) && c != '\n' && c != '\t') return std::nullopt;
  }
  return out;
}

std::optional<std::string> tidy_line(std::string_view text) {
  auto out = tidy_text(text);
  if (out && out->find_first_of("\n\t") != std::string::npos) return std::nullopt;
  return out;
}

}  // namespace cruddur
