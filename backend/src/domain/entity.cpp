#include "domain/entity.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "domain/handle.hpp"
#include "domain/host_name.hpp"
#include "domain/normal_form.hpp"

namespace cruddur {
namespace {

// A code point, and where it stands in the text: as UTF-8 and as UTF-16.
struct position {
  char32_t code_point;
  std::uint32_t utf8;
  std::uint32_t utf16;
};

std::vector<position> decode(std::string_view text) {
  std::vector<position> out;
  out.reserve(text.size() + 1);
  const auto* const data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::uint32_t utf16 = 0;
  for (std::int32_t at = 0; at < size;) {
    const auto start = static_cast<std::uint32_t>(at);
    UChar32 c = 0;
    U8_NEXT(data, at, size, c);
    out.push_back({static_cast<char32_t>(c), start, utf16});
    utf16 += static_cast<std::uint32_t>(U16_LENGTH(c));
  }
  // Two spaces, so that the two characters after any one can be looked at without a check.
  for (int i = 0; i < 2; ++i) out.push_back({U' ', static_cast<std::uint32_t>(size), utf16});
  return out;
}

bool is_word(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return c == U'_' || u_isalnum(point) || (U_GET_GC_MASK(point) & (U_GC_M_MASK)) != 0;
}

bool is_ascii_word(char32_t c) {
  return c < 0x80 && is_word(c);
}

// A letter of a script that is written without spaces, where a word may end after any letter.
bool may_end_a_word(char32_t c) {
  if (c < 0x80 || !is_word(c)) return !is_word(c);
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
  return U_SUCCESS(status) && uscript_breaksBetweenLetters(script);
}

bool may_precede(char32_t c) {
  return may_end_a_word(c) && c != U'@' && c != U'#' && c != U'/' && c != U'&' && c != U'\uff03' &&
         c != U'\uff20';
}

bool is_joiner(char32_t c) {
  constexpr std::u32string_view joiners = U"\u200c\u200d\u00b7\u30fb\u05f3\u05f4\u0f0b";
  return joiners.find(c) != std::u32string_view::npos;
}

// Punctuation outside ASCII that ends or brackets a part of a sentence: no part of an address.
bool parts_sentences(char32_t c) {
  constexpr std::uint32_t brackets = U_GC_PS_MASK | U_GC_PE_MASK | U_GC_PI_MASK | U_GC_PF_MASK;
  const auto point = static_cast<UChar32>(c);
  return c >= 0x80 && ((U_GET_GC_MASK(point) & brackets) != 0 ||
                       u_hasBinaryProperty(point, UCHAR_QUOTATION_MARK) ||
                       u_hasBinaryProperty(point, UCHAR_TERMINAL_PUNCTUATION) ||
                       u_hasBinaryProperty(point, UCHAR_S_TERM));
}

// What may end a sentence or a part of it where an address ends too.
bool is_closing(char32_t c) {
  constexpr std::u32string_view ascii = U".,;:!?'*_~";
  if (c < 0x80) return ascii.find(c) != std::u32string_view::npos;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_P_MASK) != 0;
}

constexpr std::u32string_view opening_brackets = U"([{";
constexpr std::u32string_view closing_brackets = U")]}";

std::string tag_value(std::string_view typed) {
  icu::UnicodeString lower =
      icu::UnicodeString::fromUTF8({typed.data(), static_cast<std::int32_t>(typed.size())});
  lower.toLower(icu::Locale::getRoot());
  std::string value;
  to_nfc(lower).toUTF8String(value);
  return value;
}

class scanner {
 public:
  explicit scanner(std::string_view text) : text_{text}, points_{decode(text)} {}

  std::vector<entity> scan() {
    std::vector<entity> found;
    const std::size_t end = points_.size() - 2;
    for (std::size_t start = 0; start < end && found.size() < max_entities;) {
      auto hit = at_sigil(start);
      if (!hit) {
        ++start;
        continue;
      }
      start = hit->next;
      found.push_back(std::move(hit->entity));
    }
    return found;
  }

 private:
  struct match {
    cruddur::entity entity;
    std::size_t next;
  };

  std::optional<match> at_sigil(std::size_t start) const {
    if (start > 0 && !may_precede(points_[start - 1].code_point)) return std::nullopt;
    switch (const char32_t c = points_[start].code_point) {
      case U'@':
      case U'\uff20':
        return mention(start);
      case U'#':
      case U'\uff03':
        return tag(start);
      default:
        if (!is_ascii_word(c) || c == U'_') return std::nullopt;
        if (auto whole = link(start)) return whole;
        return bare_link(start);
    }
  }

  std::optional<match> mention(std::size_t start) const {
    std::size_t end = start + 1;
    while (points_[end].code_point < 0x80 &&
           is_handle_character(static_cast<char>(points_[end].code_point))) {
      ++end;
    }
    const char32_t next = points_[end].code_point;
    if (!may_end_a_word(next)) return std::nullopt;
    const bool goes_on = next == U'@' || next == U'.' || next == U'\uff20';
    if (goes_on && is_word(points_[end + 1].code_point)) return std::nullopt;
    auto handle = parse_handle(slice(start + 1, end));
    if (!handle) return std::nullopt;
    return make(entity_kind::mention, start, end, std::move(*handle));
  }

  std::optional<match> tag(std::size_t start) const {
    constexpr std::size_t longest = 50;
    std::size_t end = start + 1;
    bool has_letter = false;
    if ((U_GET_GC_MASK(static_cast<UChar32>(points_[end].code_point)) & U_GC_M_MASK) != 0) {
      return std::nullopt;  // a keycap
    }
    while (is_word(points_[end].code_point) || joins_words(start, end)) {
      has_letter = has_letter || u_isalpha(static_cast<UChar32>(points_[end].code_point));
      ++end;
    }
    if (!has_letter || end - start - 1 > longest) return std::nullopt;
    return make(entity_kind::tag, start, end, tag_value(slice(start + 1, end)));
  }

  bool joins_words(std::size_t sigil, std::size_t joiner) const {
    return is_joiner(points_[joiner].code_point) && joiner > sigil + 1 &&
           is_word(points_[joiner - 1].code_point) && is_word(points_[joiner + 1].code_point);
  }

  std::optional<match> link(std::size_t start) const {
    const std::string_view rest = text_.substr(points_[start].utf8);
    constexpr std::array<std::string_view, 2> schemes{"https://", "http://"};
    const auto scheme = std::ranges::find_if(schemes, [&](std::string_view each) {
      return rest.size() > each.size() &&
             std::ranges::equal(each, rest.substr(0, each.size()), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
             });
    });
    if (scheme == schemes.end()) return std::nullopt;

    const std::size_t host = start + scheme->size();
    const std::size_t end = end_of_link(host);
    if (end == host || !is_word(points_[host].code_point)) return std::nullopt;
    return make(entity_kind::link, start, end, std::string{*scheme}.append(slice(host, end)));
  }

  // A host name without a scheme, and what follows it.
  std::optional<match> bare_link(std::size_t start) const {
    if (start > 0) {
      const char32_t before = points_[start - 1].code_point;
      constexpr std::u32string_view within = U".-\\:=$%~+";
      if (is_word(before) || within.find(before) != std::u32string_view::npos) return std::nullopt;
    }
    std::size_t end = start;
    bool has_dot = false;
    for (;; ++end) {
      const char32_t c = points_[end].code_point;
      const bool is_dot = c == U'.' && is_ascii_word(points_[end + 1].code_point);
      has_dot = has_dot || is_dot;
      if (!is_dot && c != U'-' && (c == U'_' || !is_ascii_word(c))) break;
    }
    if (!has_dot) return std::nullopt;
    const std::size_t host_end = end;
    if (points_[end].code_point == U':' && u_isdigit(digit_at(end + 1))) {
      ++end;
      while (u_isdigit(digit_at(end))) ++end;
    }
    const char32_t next = points_[end].code_point;
    const bool has_path = next == U'/';
    if (next == U'@' || next == U'_' || !may_end_a_word(next)) return std::nullopt;
    if (!is_web_host(slice(start, host_end), has_path)) return std::nullopt;
    if (has_path || next == U'?' || next == U'#') end = std::max(end, end_of_link(end));
    return make(entity_kind::link, start, end, std::string{"https://"}.append(slice(start, end)));
  }

  UChar32 digit_at(std::size_t index) const {
    return points_[index].code_point < 0x80 ? static_cast<UChar32>(points_[index].code_point) : 0;
  }

  bool belongs_to_link(std::size_t index) const {
    const char32_t c = points_[index].code_point;
    return index + 2 < points_.size() && !u_isUWhiteSpace(static_cast<UChar32>(c)) && c != U'"' &&
           c != U'<' && c != U'>' && c != U'`' && !parts_sentences(c) &&
           (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_C_MASK)) == 0;
  }

  std::size_t end_of_link(std::size_t begin) const {
    // How many more of each bracket close than open.
    std::array<std::ptrdiff_t, 3> surplus{};
    std::size_t end = begin;
    for (; belongs_to_link(end); ++end) {
      const char32_t c = points_[end].code_point;
      for (std::size_t i = 0; i < surplus.size(); ++i) {
        surplus[i] += (c == closing_brackets[i] ? 1 : 0) - (c == opening_brackets[i] ? 1 : 0);
      }
    }
    for (; end > begin; --end) {
      const char32_t last = points_[end - 1].code_point;
      const std::size_t closing = closing_brackets.find(last);
      const std::size_t opening = opening_brackets.find(last);
      if (closing < surplus.size() && surplus[closing] > 0) {
        --surplus[closing];
      } else if (opening < surplus.size()) {
        ++surplus[opening];
      } else if (!is_closing(last)) {
        break;
      }
    }
    return end;
  }

  std::string_view slice(std::size_t begin, std::size_t end) const {
    return text_.substr(points_[begin].utf8, points_[end].utf8 - points_[begin].utf8);
  }

  match make(entity_kind kind, std::size_t begin, std::size_t end, std::string value) const {
    return {{kind, points_[begin].utf16, points_[end].utf16, std::move(value)}, end};
  }

  std::string_view text_;
  std::vector<position> points_;  // and past the end a space
};

}  // namespace

std::vector<entity> find_entities(std::string_view text) {
  if (text.find_first_of("@#.:\xef") == std::string_view::npos) return {};
  return scanner{text}.scan();
}

}  // namespace cruddur
