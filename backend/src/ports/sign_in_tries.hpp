// Tries at an account's password, counted by the account and the place they come from, for all
// servers of one database. A place is a keyed hash of an account and an address or a device.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// What an account stands at most.
//
// A place may be wrong `free_tries` times in a row (a known one `free_tries_known` times); then it
// is locked for 1 s, twice as long each time, at most 15 minutes. A day without a try forgives.
// Places where the account never signed in have common bounds besides: after `calm_tries` in a day,
// each such place has one try in `pressed_pause`; after `longest_day` no more that day. None of
// that touches a known place.
struct sign_in_bounds {
  static constexpr int free_tries = 5;
  static constexpr int free_tries_known = 10;
  static constexpr int calm_tries = 100;
  static constexpr std::chrono::hours pressed_pause{6};
  static constexpr int longest_day = 2000;
  static constexpr std::chrono::hours day{24};
  // How long a place stays known, and how many an account has.
  static constexpr std::chrono::hours known_for{60 * 24};
  static constexpr int known_places = 20;
};

// Every operation may give unavailable (database_unavailable). Thread-safe.
class sign_in_tries {
 public:
  virtual ~sign_in_tries() = default;

  // Counts a try as a failed one, before the password is looked at. `vouched`: the caller knows by
  // other means that the place is the account's. False when it is locked; then nothing changes.
  // Does the same work for an id that nobody has.
  virtual task<result<bool>> begin(uuid account, std::string place, bool vouched,
                                   time_point now) = 0;

  // The password was right: forgives the place and remembers it.
  virtual task<result<>> succeeded(uuid account, std::string place, time_point now) = 0;

  // The password was not looked at: the try counts for nothing.
  virtual task<result<>> abandoned(uuid account, std::string place) = 0;

  // Forgets what is too old to matter.
  virtual task<result<>> sweep(time_point now) = 0;
};

}  // namespace cruddur
