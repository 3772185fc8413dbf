// The accounts of the local user pool and the codes mailed to their owners. The store sees no
// password and no code: only sealed verifiers and keyed hashes.
#pragma once

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

// One code of each purpose per account: a newer one replaces the older.
enum class code_purpose : std::uint8_t { sign_up = 0, password_reset = 1, email_change = 2 };

struct mailed_code {
  code_purpose purpose;
  std::string hash;   // raw bytes; keyed, so that the store's reader can't try all codes
  std::string email;  // where it was sent
  time_point expires_at;
};

enum class code_outcome : std::uint8_t {
  accepted,  // the code was good, is used up now, and its effect has happened
  wrong,     // no code waits, or it is another one; wrong tries are counted
  expired,   // the right code, but too late, or after too many wrong tries
  used,      // the right code, but it has served already
};

// A code is burned by this many wrong tries.
inline constexpr int code_tries = 5;

// Every operation may also give unavailable (database_unavailable). An unconfirmed account whose
// time is over (created_at plus the pool's limit, kept as `pending_until`) is nowhere to be found,
// and its email and handle are free.
class account_store {
 public:
  virtual ~account_store() = default;

  // Keeps a new unconfirmed account and its sign-up code. Faults: conflict (email_taken,
  // handle_taken).
  virtual task<result<>> create(account who, mailed_code code, time_point pending_until) = 0;

  virtual task<result<std::optional<account>>> find(uuid id, time_point now) = 0;
  virtual task<result<std::optional<account>>> find_by_email(std::string email, time_point now) = 0;
  virtual task<result<std::optional<account>>> find_by_handle(std::string handle,
                                                              time_point now) = 0;

  // Replaces the account's code of that purpose. Succeeds without effect when the account is gone.
  virtual task<result<>> put_code(uuid id, mailed_code code) = 0;

  // The address that the account's waiting code of a purpose was sent to.
  virtual task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                                time_point now) = 0;

  // Each takes the hash of what the person typed; when it is the waiting code, uses it up and, in
  // the same transaction: confirms the account and its email;
  virtual task<result<code_outcome>> confirm(uuid id, std::string code_hash, time_point now) = 0;
  // sets the password, confirms the account, whose email the code has proved, and revokes its
  // sessions;
  virtual task<result<code_outcome>> reset_password(uuid id, std::string code_hash,
                                                    password_proof password, time_point now) = 0;
  // makes the code's address the account's verified email. Fault: conflict (email_taken), which
  // leaves the code as it was.
  virtual task<result<code_outcome>> change_email(uuid id, std::string code_hash,
                                                  time_point now) = 0;

  // Sets the password and revokes every session but `keep_session`.
  virtual task<result<>> change_password(uuid id, password_proof password, uuid keep_session,
                                         time_point now) = 0;

  // Fault: conflict (handle_taken).
  virtual task<result<>> change_names(uuid id, std::string handle, std::string display_name) = 0;

  // Forgets the account, its sessions and its codes, and marks the person as removed in the same
  // transaction: nothing of theirs is shown from then on (see activity_store::remove_author), and
  // no sign-in makes their profile anew. Succeeds when it is gone already.
  virtual task<result<>> remove(uuid id) = 0;

  // Forgets unconfirmed accounts and codes whose time is over.
  virtual task<result<>> sweep(time_point now) = 0;
};

}  // namespace cruddur
