#include "base/uuid.hpp"

#include <mutex>

#include "base/ascii.hpp"
#include "base/random.hpp"

namespace cruddur {
namespace {

bool has_hyphen_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

// The 12 bits after the time (rand_a in RFC 9562, section 6.2, method 1) count the ids of one
// millisecond.
struct sequence {
  std::int64_t last_ms = -1;
  unsigned counter = 0;
};

}  // namespace

uuid make_uuid_v7(time_point moment) {
  static std::mutex mutex;
  static sequence state;

  uuid id;
  fill_random(id.bytes);
  std::int64_t ms = to_unix_ms(moment);
  unsigned counter = 0;
  {
    const std::lock_guard lock{mutex};
    // A burst of more than 4096 ids in a millisecond borrows from the next ones.
    const bool same_burst = ms <= state.last_ms && state.last_ms - ms < 1000;
    if (same_burst) {
      ms = state.last_ms;
      if (++state.counter > 0xfff) {
        state.counter = 0;
        ++ms;
      }
    } else {
      state.counter = id.bytes[6] & 0x7U;
    }
    state.last_ms = ms;
    counter = state.counter;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  }
  id.bytes[6] = static_cast<std::uint8_t>(0x70U | (counter >> 8U));
  id.bytes[7] = static_cast<std::uint8_t>(counter);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
  return id;
}

uuid make_uuid_v4() {
  uuid id;
  fill_random(id.bytes);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x40U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
  return id;
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  uuid id;
  std::size_t position = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (has_hyphen_before(i) && text[position++] != '-') return std::nullopt;
    const int high = ascii::hex_value(text[position++]);
    const int low = ascii::hex_value(text[position++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

void append_uuid(std::string& output, const uuid& id) {
  for (std::size_t i = 0; i < 16; ++i) {
    if (has_hyphen_before(i)) output.push_back('-');
    output.push_back(ascii::hex_digits[id.bytes[i] >> 4U]);
    output.push_back(ascii::hex_digits[id.bytes[i] & 0xfU]);
  }
}

std::string to_string(const uuid& id) {
  std::string out;
  out.reserve(36);
  append_uuid(out, id);
  return out;
}

}  // namespace cruddur
