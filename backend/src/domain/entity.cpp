#include "domain/entity.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "domain/handle.hpp"

namespace cruddur {
namespace {

// The text as code points, each with where it stands in UTF-8 and in UTF-16.
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
  out.push_back({U' ', static_cast<std::uint32_t>(size), utf16});
  return out;
}

bool is_word(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return c == U'_' || u_isalnum(point) || (U_GET_GC_MASK(point) & (U_GC_M_MASK)) != 0;
}

bool may_precede(char32_t c) {
  return !is_word(c) && c != U'@' && c != U'#' && c != U'/' && c != U'&';
}

class scanner {
 public:
  explicit scanner(std::string_view text) : text_{text}, points_{decode(text)} {}

  std::vector<entity> scan() {
    std::vector<entity> found;
    const std::size_t end = points_.size() - 1;
    for (std::size_t at = 0; at < end && found.size() < max_entities;) {
      auto hit = at_sigil(at);
      if (!hit) {
        ++at;
        continue;
      }
      at = hit->next;
      found.push_back(std::move(hit->what));
    }
    return found;
  }

 private:
  struct match {
    entity what;
    std::size_t next;
  };

  std::optional<match> at_sigil(std::size_t at) const {
    const bool fresh = at == 0 || may_precede(points_[at - 1].code_point);
    switch (points_[at].code_point) {
      case U'@':
        return fresh ? mention(at) : std::nullopt;
      case U'#':
        return fresh ? tag(at) : std::nullopt;
      case U'h':
      case U'H':
        return fresh ? link(at) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  std::optional<match> mention(std::size_t at) const {
    std::size_t end = at + 1;
    while (points_[end].code_point < 0x80 &&
           is_handle_character(static_cast<char>(points_[end].code_point))) {
      ++end;
    }
    if (is_word(points_[end].code_point)) return std::nullopt;
    auto handle = parse_handle(slice(at + 1, end));
    if (!handle) return std::nullopt;
    return make(entity_kind::mention, at, end, std::move(*handle));
  }

  std::optional<match> tag(std::size_t at) const {
    std::size_t end = at + 1;
    bool only_digits = true;
    while (is_word(points_[end].code_point)) {
      only_digits = only_digits && u_isdigit(static_cast<UChar32>(points_[end].code_point));
      ++end;
    }
    const std::size_t length = end - at - 1;
    if (length == 0 || length > 50 || only_digits) return std::nullopt;
    std::string value;
    const std::string_view raw = slice(at + 1, end);
    icu::UnicodeString::fromUTF8({raw.data(), static_cast<std::int32_t>(raw.size())})
        .toLower(icu::Locale::getRoot())
        .toUTF8String(value);
    return make(entity_kind::tag, at, end, std::move(value));
  }

  std::optional<match> link(std::size_t at) const {
    const std::string_view rest = text_.substr(points_[at].utf8);
    constexpr std::array<std::string_view, 2> schemes{"https://", "http://"};
    const auto scheme = std::ranges::find_if(schemes, [&](std::string_view each) {
      return rest.size() > each.size() &&
             std::ranges::equal(each, rest.substr(0, each.size()), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
             });
    });
    if (scheme == schemes.end()) return std::nullopt;

    const std::size_t host = at + scheme->size();
    std::size_t end = host;
    while (belongs_to_link(end)) ++end;
    end = without_closing_punctuation(host, end);
    if (end == host || !is_word(points_[host].code_point)) return std::nullopt;
    std::string value{*scheme};
    value.append(slice(host, end));
    return make(entity_kind::link, at, end, std::move(value));
  }

  bool belongs_to_link(std::size_t at) const {
    const char32_t c = points_[at].code_point;
    return at + 1 < points_.size() && !u_isUWhiteSpace(static_cast<UChar32>(c)) && c != U'"' &&
           c != U'<' && c != U'>' && c != U'`' &&
           (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_C_MASK)) == 0;
  }

  std::size_t without_closing_punctuation(std::size_t host, std::size_t end) const {
    while (end > host) {
      const char32_t last = points_[end - 1].code_point;
      const bool closes_nothing = last == U')' && count(host, end, U')') > count(host, end, U'(');
      constexpr std::u32string_view closing = U".,;:!?'*_~]}\u2026\u201d\u2019\u00bb";
      if (closing.find(last) == std::u32string_view::npos && !closes_nothing) break;
      --end;
    }
    return end;
  }

  std::ptrdiff_t count(std::size_t from, std::size_t to, char32_t wanted) const {
    return std::count_if(points_.begin() + static_cast<std::ptrdiff_t>(from),
                         points_.begin() + static_cast<std::ptrdiff_t>(to),
                         [wanted](const position& each) { return each.code_point == wanted; });
  }

  std::string_view slice(std::size_t from, std::size_t to) const {
    return text_.substr(points_[from].utf8, points_[to].utf8 - points_[from].utf8);
  }

  match make(entity_kind kind, std::size_t from, std::size_t to, std::string value) const {
    return {{kind, points_[from].utf16, points_[to].utf16, std::move(value)}, to};
  }

  std::string_view text_;
  std::vector<position> points_;  // and one past the end, a space
};

}  // namespace

std::vector<entity> find_entities(std::string_view text) {
  if (text.find_first_of("@#") == std::string_view::npos &&
      text.find("://") == std::string_view::npos) {
    return {};
  }
  return scanner{text}.scan();
}

}  // namespace cruddur
