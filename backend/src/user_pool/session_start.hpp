// What follows a right password, and what counts a wrong one.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

// A try at an account's password from one place. It counts as failed, durably, before anything
// tells whether the password was right, until remember_place().
struct password_try {
  uuid account;
  place origin;
  bool right = false;
};

// Counts a try and gives what `check` says of the password. NotAuthorizedException ("Password
// attempts exceeded") when the place is locked for the account. A check that fails is no try.
task<wire_result<password_try>> try_password(service_ptr in, uuid account, std::string address,
                                             std::string cookies, time_point now,
                                             task<result<bool>> check);

// The caller has proved to own the account: forgives the place, remembers it, and puts a cookie of
// its device into the answer. What goes wrong is logged.
task<> remember_place(service_ptr in, password_try tried, std::shared_ptr<std::string> device,
                      time_point now);

// Opens a session for a confirmed account, using up the challenge that led to it, and gives
// {AuthenticationResult}. Makes the profile if it is missing.
task<outcome> start_session(service_ptr in, account who, time_point now,
                            std::optional<challenge_use> challenge);

// Signs tokens in the blocking pool and gives {AuthenticationResult}; `refresh` may be empty.
task<outcome> authentication_result(service_ptr in, account who, uuid session_id,
                                    time_point signed_in_at, time_point now, std::string refresh);

}  // namespace cruddur::user_pool
