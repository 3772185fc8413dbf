#include "http/chunk_decoder.hpp"

#include <algorithm>

#include "http/text.hpp"

namespace cruddur::http {
namespace {

constexpr refusal malformed{400, "chunk_malformed", "The chunked body can't be read."};
constexpr refusal too_large{413, "body_too_large", "The request's body is too large."};
constexpr unsigned most_digits = 16;

}  // namespace

std::optional<refusal> chunk_decoder::take(std::string_view& bytes, std::string& body) {
  while (!bytes.empty() && !done()) {
    if (state_ == state::content) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body += bytes.substr(0, count);
      bytes.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) state_ = state::content_cr;
      continue;
    }
    if (auto refused = take_byte(bytes.front(), body.size())) return refused;
    bytes.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<refusal> chunk_decoder::take_byte(char c, std::size_t body_size) {
  bool good = true;
  switch (state_) {
    case state::size:
      return take_size(c, body_size);
    case state::extension:
      good = c == '\r' ? expect(c, '\r', state::size_end) : skip(c);
      break;
    case state::size_end:
      good = expect(c, '\n', left_ > 0 ? state::content : state::line_start);
      digits_ = 0;
      break;
    case state::content_cr:
      good = expect(c, '\r', state::content_lf);
      break;
    case state::content_lf:
      good = expect(c, '\n', state::size);
      break;
    case state::line_start:
      good = c == '\r' ? expect(c, '\r', state::last_lf) : skip(c);
      if (c != '\r') state_ = state::trailer;
      break;
    case state::trailer:
      good = c == '\r' ? expect(c, '\r', state::trailer_end) : skip(c);
      break;
    case state::trailer_end:
      good = expect(c, '\n', state::line_start);
      break;
    case state::last_lf:
      good = expect(c, '\n', state::done);
      break;
    case state::content:
    case state::done:
      break;
  }
  if (good) return std::nullopt;
  return malformed;
}

std::optional<refusal> chunk_decoder::take_size(char c, std::size_t body_size) {
  const char low = to_lower(c);
  const bool is_hex = is_digit(low) || (low >= 'a' && low <= 'f');
  if (is_hex && digits_ < most_digits) {
    ++digits_;
    left_ = left_ * 16 + static_cast<unsigned>(is_digit(low) ? low - '0' : low - 'a' + 10);
    return std::nullopt;
  }
  if (is_hex || digits_ == 0 || (c != ';' && c != '\r')) return malformed;
  if (left_ > body_limit_ - std::min(body_limit_, body_size)) return too_large;
  state_ = c == ';' ? state::extension : state::size_end;
  return std::nullopt;
}

bool chunk_decoder::expect(char c, char wanted, state next) {
  state_ = next;
  return c == wanted;
}

// A byte of an extension or trailer; false for control characters and beyond the limit.
bool chunk_decoder::skip(char c) {
  const bool is_control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  return !is_control && ++skipped_ <= skipped_limit_;
}

}  // namespace cruddur::http
