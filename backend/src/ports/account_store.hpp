// The accounts of the local user pool and the codes mailed to their owners. The store sees no
// password and no code: only sealed verifiers and keyed hashes.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// What proves a password: an SRP verifier sealed with a key that is not in the store.
struct password_proof {
  std::string salt;             // raw bytes
  std::string sealed_verifier;  // raw bytes
};

enum class account_status : std::uint8_t { unconfirmed = 0, confirmed = 1 };

struct account {
  uuid id;            // the `sub` of its tokens
  std::string email;  // lower case
  bool email_verified = false;
  std::string handle;
  std::string display_name;
  password_proof password{};
  account_status status = account_status::unconfirmed;
  time_point created_at;
};

// One code of each purpose per account.
enum class code_purpose : std::uint8_t { sign_up = 0, password_reset = 1, email_change = 2 };

struct mailed_code {
  code_purpose purpose;
  std::string hash;   // raw bytes; keyed, so that the store's reader can't try all codes
  std::string email;  // the new one of an email change; else empty
  time_point expires_at;
  std::string seed;  // raw bytes; what the code is made of, with a key that the store does not have
};

// What came of asking for a code.
struct code_offer {
  bool mailable = false;  // the destination's allowance has room, and one mail was taken from it
  std::string seed;       // of the code that waits now, if any does
};

// Mails to one destination, whoever asks for them: at most 6 in any hour (4 at once, then one each
// half hour) and 20 in any day (10, then one each 144 minutes).
struct mail_allowance {
  static constexpr int hour_burst = 4;
  static constexpr std::chrono::minutes hour_step{30};
  static constexpr int day_burst = 10;
  static constexpr std::chrono::minutes day_step{144};
};

// For this long a code that waits is mailed again, instead of a new one.
inline constexpr std::chrono::hours longest_code_life{24};

// Nobody gets the handle of an account that is gone for this long.
inline constexpr std::chrono::hours handle_rest{30 * 24};

enum class code_outcome : std::uint8_t {
  accepted,  // the code was good, is used up now, and its effect has happened
  wrong,     // no code waits, or it is another one
  expired,   // the right code, but too late
  used,      // the right code, but it has served already
};

// Every operation may also give unavailable (database_unavailable). An unconfirmed account whose
// time is over (created_at plus the pool's limit, kept as `pending_until`) is nowhere to be found,
// and its email and handle are free. Of names (emails, handles, destinations of mail) the store
// keeps what nobody can read without its keys, and nothing that could be read after their end.
//
// offer_code(), confirm() and reset_password() do the same work for an id that nobody has: as many
// statements, changed rows and commits.
class account_store {
 public:
  virtual ~account_store() = default;

  // Keeps a new unconfirmed account and its sign-up code. It replaces an unconfirmed one of the
  // same email, whose code is worth nothing from then on. Faults: conflict (email_taken,
  // handle_taken).
  virtual task<result<>> create(account account, mailed_code code, time_point pending_until) = 0;

  // Each gives the account, or nothing.
  virtual task<result<std::optional<account>>> find(uuid id, time_point now) = 0;
  virtual task<result<std::optional<account>>> find_by_email(std::string email, time_point now) = 0;
  virtual task<result<std::optional<account>>> find_by_handle(std::string handle,
                                                              time_point now) = 0;

  // What concerns a name that nobody has (tries, codes) is stored under this id instead of the one
  // that follows from the name, so that nobody can tell later which names were asked for. It is
  // another one from time to time.
  virtual uuid stand_in(uuid id) const = 0;

  // Takes one mail from the destination's allowance. False when it is empty.
  virtual task<result<bool>> take_mail(std::string destination, time_point now) = 0;

  // Takes one mail from the destination's allowance and, when there was one to take, keeps the
  // code. A waiting code for the same email that is younger than longest_code_life stays instead,
  // and ends when the new one would have. When the allowance is empty, such a code gets the new end
  // too, even if its own had come: the code that was mailed last goes on to serve.
  virtual task<result<code_offer>> offer_code(uuid id, mailed_code code, std::string destination,
                                              time_point now) = 0;

  // The address that the account's waiting code of a purpose was sent to.
  virtual task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                                time_point now) = 0;

  // Uses up the waiting sign-up code whose hash this is, and in the same transaction confirms the
  // account and its email.
  virtual task<result<code_outcome>> confirm(uuid id, std::string code_hash, time_point now) = 0;

  // Uses up the waiting reset code whose hash this is, and in the same transaction sets the
  // password, confirms the account, whose email the code has proved, and revokes its sessions.
  virtual task<result<code_outcome>> reset_password(uuid id, std::string code_hash,
                                                    password_proof password, time_point now) = 0;

  // Uses up the waiting code of an email change whose hash this is, and in the same transaction
  // makes the code's address the account's verified email. Fault: conflict (email_taken), which
  // leaves the code as it was.
  virtual task<result<code_outcome>> change_email(uuid id, std::string code_hash,
                                                  time_point now) = 0;

  // Sets the password and revokes every session but `keep_session`.
  virtual task<result<>> change_password(uuid id, password_proof password, uuid keep_session,
                                         time_point now) = 0;

  // Forgets the account, its sessions, its codes and where it signed in, reserves `handle` for
  // handle_rest, and marks the person as removed in the same transaction: nothing of theirs is
  // shown from then on (see activity_store::remove_author), and no sign-in makes their profile
  // anew. Succeeds when it is gone already.
  virtual task<result<>> remove(uuid id, std::string handle, time_point now) = 0;

  // Whether the handle of an account that is gone rests still.
  virtual task<result<bool>> is_reserved(std::string handle, time_point now) = 0;

  // Forgets unconfirmed accounts, codes, allowances and reservations whose time is over.
  virtual task<result<>> sweep(time_point now) = 0;
};

}  // namespace cruddur
