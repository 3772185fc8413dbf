#include "domain/password.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/utf8.hpp"
#include "domain/common_passwords.hpp"
#include "domain/normal_form.hpp"
#include "domain/text.hpp"

namespace cruddur {
namespace {

constexpr std::array<std::u32string_view, 14> runs = {U"abcdefghijklmnopqrstuvwxyz",
                                                      U"01234567890",
                                                      U"qwertyuiop",
                                                      U"qwertzuiop",
                                                      U"azertyuiop",
                                                      U"asdfghjkl",
                                                      U"qsdfghjklm",
                                                      U"zxcvbnm",
                                                      U"yxcvbnm",
                                                      U"wxcvbn",
                                                      U"1qaz2wsx3edc4rfv5tgb6yhn7ujm",
                                                      U"zaq12wsxcde34rfv",
                                                      U"1q2w3e4r5t6y7u8i9o0p",
                                                      U"q1w2e3r4t5y6u7i8o9p0"};

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

// The text without differences of case and width.
std::u32string fold(std::string_view text) {
  icu::UnicodeString folded = to_nfkc(from_utf8(text));
  folded.toLower(icu::Locale::getRoot());
  std::u32string out;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(folded.char32At(i)));
  }
  return out;
}

bool is_letter(char32_t c) {
  return u_isalpha(static_cast<UChar32>(c)) != 0;
}

bool is_run(char32_t first, char32_t second) {
  if (first == second) return true;
  const std::array<char32_t, 2> ahead{first, second};
  const std::array<char32_t, 2> back{second, first};
  return std::ranges::any_of(runs, [&](std::u32string_view run) {
    return run.find(std::u32string_view{ahead.data(), 2}) != std::u32string_view::npos ||
           run.find(std::u32string_view{back.data(), 2}) != std::u32string_view::npos;
  });
}

// How many runs of the alphabet or of a keyboard the text is made of.
std::size_t count_runs(std::u32string_view text) {
  std::size_t count = text.empty() ? 0 : 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!is_run(text[i - 1], text[i])) ++count;
  }
  return count;
}

bool repeats_a_block(std::u32string_view text) {
  constexpr std::size_t longest_block = 4;
  for (std::size_t size = 1; size <= longest_block && 2 * size <= text.size(); ++size) {
    bool repeats = true;
    for (std::size_t i = size; repeats && i < text.size(); ++i) {
      repeats = text[i] == text[i - size];
    }
    if (repeats) return true;
  }
  return false;
}

bool is_listed(std::u32string_view text) {
  std::string word = " ";
  for (const char32_t c : text) {
    if (c <= 0x20 || c >= 0x7f) return false;
    word += static_cast<char>(c);
  }
  return common_passwords.find(word + ' ') != std::string_view::npos;
}

// So many characters around a word make it no harder to guess.
constexpr std::size_t most_around = 4;

std::u32string_view without_ends(std::u32string_view text) {
  std::u32string_view core = text;
  while (!core.empty() && !is_letter(core.back())) core.remove_suffix(1);
  while (!core.empty() && !is_letter(core.front())) core.remove_prefix(1);
  return text.size() - core.size() <= most_around ? core : text;
}

std::u32string spell_out(std::u32string text) {
  constexpr std::u32string_view signs = U"@4310$57";
  constexpr std::u32string_view letters = U"aaeiosst";
  for (char32_t& c : text) {
    const std::size_t sign = signs.find(c);
    if (sign != std::u32string_view::npos) c = letters[sign];
  }
  return text;
}

bool is_common(const std::u32string& text) {
  const std::u32string spelled = spell_out(text);
  const std::u32string core{without_ends(text)};
  return is_listed(text) || is_listed(spelled) || is_listed(core) || is_listed(spell_out(core));
}

// Takes every `word` out of `text`.
void take_out(std::u32string& text, std::u32string_view word) {
  constexpr std::size_t shortest = 3;
  if (word.size() < shortest) return;
  for (std::size_t i = text.find(word); i != std::u32string::npos; i = text.find(word)) {
    text.erase(i, word.size());
  }
}

bool is_own(const std::u32string& text, std::span<const std::string_view> own) {
  std::u32string rest = text;
  const auto is_part = [](char32_t c) {
    return is_letter(c) || u_isdigit(static_cast<UChar32>(c));
  };
  const auto take_all = [&](std::u32string whole) {
    take_out(rest, whole);
    for (auto i = whole.begin(); i != whole.end();) {
      const auto begin = std::find_if(i, whole.end(), is_part);
      i = std::find_if_not(begin, whole.end(), is_part);
      take_out(rest, std::u32string{begin, i});
    }
  };
  for (const std::string_view each : own) {
    std::u32string whole = fold(each);
    take_all(whole);
    std::ranges::reverse(whole);
    take_all(std::move(whole));
  }
  take_all(U"cruddur");
  if (rest.size() == text.size()) return false;
  return rest.size() <= most_around || count_runs(rest) <= 2;
}

bool is_too_easy(std::string_view password, std::span<const std::string_view> own) {
  const std::u32string text = fold(password);
  constexpr std::size_t most_runs = 3;
  return is_blank(password) || repeats_a_block(text) || count_runs(text) <= most_runs ||
         is_common(text) || is_own(text, own);
}

}  // namespace

std::string normalise_password(std::string_view typed) {
  if (!is_valid_utf8(typed)) return std::string{typed};
  icu::UnicodeString text = from_utf8(typed);
  for (std::int32_t i = 0; i < text.length(); ++i) {
    // All of them are single code units.
    if (u_charType(text.charAt(i)) == U_SPACE_SEPARATOR) text.setCharAt(i, u' ');
  }
  std::string out;
  to_nfc(text).toUTF8String(out);
  return out;
}

std::optional<password_fault> check_password(std::string_view typed,
                                             std::span<const std::string_view> own) {
  const std::string password = normalise_password(typed);
  const auto length = static_cast<std::size_t>(
      std::ranges::count_if(password, [](char c) { return (c & 0xc0) != 0x80; }));
  if (length < password_min_characters) return password_fault::too_short;
  if (length > password_max_characters) return password_fault::too_long;
  if (is_too_easy(password, own)) return password_fault::too_easy;
  return std::nullopt;
}

}  // namespace cruddur
