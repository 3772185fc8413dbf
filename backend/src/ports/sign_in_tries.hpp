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

// How many wrong passwords an account takes.
//
// A place may be wrong `free_tries` times in a row, or `free_tries_known` times where the account
// has signed in before (a known place). From then on each wrong try locks the place, for 1 s and
// twice as long each time, at most 15 minutes. A day without a try forgives.
//
// Whoever guesses from many places meets common bounds: once unknown places have made
// `unknown_free_tries` in a day, each has one try in `unknown_pause`, and after `unknown_max_tries`
// none that day. Known places are free of these, so that no crowd can lock out the owner.
struct sign_in_bounds {
  static constexpr int free_tries = 5;
  static constexpr int free_tries_known = 10;
  static constexpr int unknown_free_tries = 100;
  static constexpr std::chrono::hours unknown_pause{6};
  static constexpr int unknown_max_tries = 2000;
  static constexpr std::chrono::hours day{24};
  // How long a place stays known, and how many an account has.
  static constexpr std::chrono::hours known_for{60 * 24};
  static constexpr int known_places = 20;
};

// Every operation may give unavailable (database_unavailable). Thread-safe.
class sign_in_tries {
 public:
  virtual ~sign_in_tries() = default;

  // Counts a try as a failed one, before the password is looked at. `is_vouched`: the caller knows
  // by other means that the place is the account's. False when the place is locked; then nothing
  // changes. Does the same work for an id that nobody has.
  virtual task<result<bool>> begin(uuid account_id, std::string place, bool is_vouched,
                                   time_point now) = 0;

  // The password was right: forgives the place and remembers it.
  virtual task<result<>> succeeded(uuid account_id, std::string place, time_point now) = 0;

  // The password was not looked at: the try counts for nothing.
  virtual task<result<>> abandoned(uuid account_id, std::string place) = 0;

  // Forgets tries of more than a day ago, and places that are not known any more.
  virtual task<result<>> sweep(time_point now) = 0;
};

}  // namespace cruddur
