#include "user_pool/limits.hpp"

#include <string>

#include "user_pool/places.hpp"

namespace cruddur::user_pool {
namespace {

using std::chrono::seconds;

char letter_of(attempt kind) {
  return static_cast<char>('0' + static_cast<int>(kind));
}

}  // namespace

const limit_table::line& limit_table::line_of(attempt kind) const {
  switch (kind) {
    case attempt::sign_in:
      return sign_in;
    case attempt::refresh:
      return refresh;
    case attempt::code:
      return code;
    case attempt::sign_up:
      return sign_up;
    case attempt::mail:
      break;
  }
  return mail;
}

attempt_limits::attempt_limits(limit_table table) : table_{table} {}

std::optional<seconds> attempt_limits::take_for_address(attempt kind, std::string_view address,
                                                        time_point now) {
  std::string name{"address"};
  name.append(1, letter_of(kind)).append(address_group(address));
  return buckets_.take(name, scaled(table_.line_of(kind).per_address), now);
}

std::optional<seconds> attempt_limits::take_for_account(attempt kind, std::string_view account,
                                                        std::string_view address, time_point now) {
  std::string name{"account"};
  name.append(1, letter_of(kind)).append(account).append(" ").append(address_group(address));
  return buckets_.take(name, scaled(table_.line_of(kind).per_account), now);
}

bucket_size attempt_limits::scaled(bucket_size size) const {
  return {.burst = size.burst * table_.scale, .per_minute = size.per_minute * table_.scale};
}

}  // namespace cruddur::user_pool
