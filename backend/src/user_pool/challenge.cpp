#include "user_pool/challenge.hpp"

#include <algorithm>
#include <array>

#include "base/sealing.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::string_view context = "password-verifier";
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t block_bytes = nonce_bytes + 8 + 16 + srp::secret_bytes + 2 * srp::group_bytes;

// Takes fixed-length pieces off the front.
class piece_reader {
 public:
  explicit piece_reader(std::string_view text) : rest_{text} {}
  std::string next(std::size_t size) {
    std::string out{rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return out;
  }

 private:
  std::string_view rest_;
};

// A number of `digits` digits at the front, or -1.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return out;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

template <std::size_t N>
int take_name(std::string_view& text, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (take(text, names[i])) return static_cast<int>(i);
  }
  return -1;
}

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string seal_challenge(const key_ring& keys, const challenge& challenge) {
  std::string text;
  text.reserve(block_bytes);
  text.append(challenge.nonce);
  const auto issued = static_cast<std::uint64_t>(to_unix_ms(challenge.issued_at));
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    text.push_back(static_cast<char>(static_cast<std::uint8_t>(issued >> (shift - 8))));
  }
  text.append(reinterpret_cast<const char*>(challenge.account_id.bytes.data()), 16);
  text.append(challenge.secret).append(challenge.client_share).append(challenge.server_share);
  return seal(keys.challenges, context, text);
}

std::optional<challenge> open_challenge(const key_ring& keys, std::string_view block) {
  const auto text = unseal(keys.challenges, context, block);
  if (!text || text->size() != block_bytes) return std::nullopt;
  piece_reader pieces{*text};
  challenge out;
  out.nonce = pieces.next(nonce_bytes);
  std::uint64_t issued = 0;
  for (const char c : pieces.next(8)) issued = (issued << 8U) | static_cast<unsigned char>(c);
  out.issued_at = from_unix_ms(static_cast<std::int64_t>(issued));
  const auto id = pieces.next(16);
  std::ranges::copy(id, out.account_id.bytes.begin());
  out.secret = pieces.next(srp::secret_bytes);
  out.client_share = pieces.next(srp::group_bytes);
  out.server_share = pieces.next(srp::group_bytes);
  return out;
}

std::optional<time_point> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  const int weekday_index = take_name(text, days);
  if (weekday_index < 0 || !take(text, " ")) return std::nullopt;
  const int month_index = take_name(text, months);
  if (month_index < 0 || !take(text, " ")) return std::nullopt;
  const bool two_digits = text.size() > 1 && text[1] != ' ';
  if (text.starts_with('0')) return std::nullopt;
  const int day_number = take_number(text, two_digits ? 2 : 1);
  if (day_number < 1 || !take(text, " ")) return std::nullopt;
  const int hour_number = take_number(text, 2);
  if (hour_number < 0 || hour_number > 23 || !take(text, ":")) return std::nullopt;
  const int minute_number = take_number(text, 2);
  if (minute_number < 0 || minute_number > 59 || !take(text, ":")) return std::nullopt;
  const int second_number = take_number(text, 2);
  if (second_number < 0 || second_number > 60 || !take(text, " UTC ")) return std::nullopt;
  const int year_number = take_number(text, 4);
  if (year_number < 0 || !text.empty()) return std::nullopt;

  const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_index + 1)},
                            day{static_cast<unsigned>(day_number)}};
  if (!date.ok()) return std::nullopt;
  const sys_days midnight{date};
  if (weekday{midnight}.c_encoding() != static_cast<unsigned>(weekday_index)) return std::nullopt;
  return midnight + hours{hour_number} + minutes{minute_number} + seconds{second_number};
}

}  // namespace cruddur::user_pool
