#include "http/chunk_decoder.hpp"

#include <algorithm>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

constexpr refusal malformed{400, "chunk_malformed", "The chunked body can't be read."};
constexpr unsigned most_digits = 16;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// What a header's value or a quoted string may hold.
bool is_field_char(char c) {
  return (static_cast<unsigned char>(c) >= 0x20 || c == '\t') && c != 0x7f;
}

}  // namespace

std::optional<refusal> chunk_decoder::take(std::string_view& bytes, std::string& body) {
  while (!bytes.empty() && !done()) {
    if (state_ == state::content) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body += bytes.substr(0, count);
      bytes.remove_prefix(count);
      left_ -= count;
      taken_ += count;
      if (left_ == 0) state_ = state::content_cr;
      continue;
    }
    if (auto refused = take_byte(bytes.front())) return refused;
    bytes.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<refusal> chunk_decoder::take_byte(char c) {
  bool good = true;
  switch (state_) {
    case state::size:
      return take_size(c);
    case state::size_end:
      good = go(c == '\n', left_ > 0 ? state::content : state::trailer_start);
      digits_ = 0;
      break;
    case state::content_cr:
      good = go(c == '\r', state::content_lf);
      break;
    case state::content_lf:
      good = go(c == '\n', state::size);
      break;
    case state::trailer_start:
    case state::trailer_name:
    case state::trailer_value:
    case state::trailer_end:
      good = count_skipped() && take_trailer_byte(c);
      break;
    case state::last_lf:
      good = go(c == '\n', state::done);
      break;
    case state::content:
    case state::done:
      break;
    default:
      good = count_skipped() && take_extension_byte(c);
      break;
  }
  if (good) return std::nullopt;
  return malformed;
}

std::optional<refusal> chunk_decoder::take_size(char c) {
  const char low = to_lower(c);
  if (is_hex_digit(low) && digits_ < most_digits) {
    ++digits_;
    left_ = left_ * 16 + static_cast<unsigned>(is_digit(low) ? low - '0' : low - 'a' + 10);
    return std::nullopt;
  }
  if (digits_ == 0 || !end_extension(c)) return malformed;
  if (left_ > body_limit_ - std::min(body_limit_, taken_)) return body_too_large;
  return std::nullopt;
}

// chunk-ext = *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )
bool chunk_decoder::take_extension_byte(char c) {
  switch (state_) {
    case state::before_semicolon:
      return is_blank(c) || go(c == ';', state::before_name);
    case state::before_name:
      return is_blank(c) || go(is_token_char(c), state::name);
    case state::name:
      if (is_token_char(c)) return true;
      if (is_blank(c)) return go(true, state::after_name);
      return c == '=' ? go(true, state::before_value) : end_extension(c);
    case state::after_name:
      if (is_blank(c)) return true;
      return c == '=' ? go(true, state::before_value) : go(c == ';', state::before_name);
    case state::before_value:
      if (is_blank(c)) return true;
      return c == '"' ? go(true, state::quoted_value) : go(is_token_char(c), state::token_value);
    case state::token_value:
      return is_token_char(c) || end_extension(c);
    case state::quoted_value:
      if (c == '"') return go(true, state::after_quoted_value);
      return c == '\\' ? go(true, state::quoted_pair) : is_field_char(c);
    case state::quoted_pair:
      return go(is_field_char(c), state::quoted_value);
    case state::after_quoted_value:
      return end_extension(c);
    default:
      return false;
  }
}

// Behind a size or a whole extension.
bool chunk_decoder::end_extension(char c) {
  if (c == '\r') return go(true, state::size_end);
  return is_blank(c) ? go(true, state::before_semicolon) : go(c == ';', state::before_name);
}

// A trailer is a header line; what it says is not used.
bool chunk_decoder::take_trailer_byte(char c) {
  switch (state_) {
    case state::trailer_start:
      return c == '\r' ? go(true, state::last_lf) : go(is_token_char(c), state::trailer_name);
    case state::trailer_name:
      return is_token_char(c) || go(c == ':', state::trailer_value);
    case state::trailer_value:
      return c == '\r' ? go(true, state::trailer_end) : is_field_char(c);
    default:
      return go(c == '\n', state::trailer_start);
  }
}

bool chunk_decoder::go(bool allowed, state next) {
  state_ = next;
  return allowed;
}

bool chunk_decoder::count_skipped() {
  return ++skipped_ <= skipped_limit_;
}

}  // namespace cruddur::http
