// What follows a right password, and what counts a wrong one.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

// A try at an account's password from one place.
struct password_try {
  uuid account_id;
  place origin;
  bool is_right = false;
};

// Counts a try and gives what `check` says of the password. The try is durable as a failed one
// before anything tells whether the password was right, so that neither a crash nor a caller who
// hangs up makes a guess free; remember_place() forgives it. A check that fails is no try.
// NotAuthorizedException ("Password attempts exceeded") when the place is locked for the account.
task<wire_result<password_try>> try_password(service_ptr pool, uuid account_id, std::string address,
                                             std::string cookies, time_point now,
                                             task<result<bool>> check);

// The caller has proved to own the account: forgives the place, remembers it, and puts a cookie of
// its device into `device`, which may be null. A failure is logged.
task<> remember_place(service_ptr pool, password_try tried, std::shared_ptr<std::string> device,
                      time_point now);

// Opens a session for a confirmed account, using up the challenge that led to it, and gives the
// answer to a sign-in. Makes the profile if it is missing. NotAuthorizedException when the
// challenge was used before.
task<outcome> start_session(service_ptr pool, account account, time_point now,
                            std::optional<challenge_use> challenge);

// Signs tokens in the blocking pool and gives the text of an AuthenticationResult; `refresh` is
// empty where the client keeps the refresh token that it has.
task<outcome> authentication_result(service_ptr pool, account account, uuid session_id,
                                    time_point signed_in_at, time_point now, std::string refresh);

// {ChallengeParameters: {}, AuthenticationResult}, which InitiateAuth and RespondToAuthChallenge
// answer.
std::string sign_in_answer(std::string_view authentication_result);

}  // namespace cruddur::user_pool
