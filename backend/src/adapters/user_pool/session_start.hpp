// What follows a right password, and what counts a wrong one.
#pragma once

#include "adapters/user_pool/service.hpp"

namespace cruddur::user_pool {

// One try at an account's password. Unless failed() or succeeded() is said, it counts for nothing.
class password_try {
 public:
  password_try(service_ptr in, const uuid& account, time_point now);
  ~password_try();
  password_try(const password_try&) = delete;
  password_try& operator=(const password_try&) = delete;

  bool locked() const { return locked_; }
  void failed();
  void succeeded();
  static wire_error locked_error();

 private:
  service_ptr in_;
  std::string account_;
  time_point now_;
  bool locked_;
  bool decided_ = false;
};

// Opens a session for a confirmed account, using up the challenge that led to it, and gives
// {AuthenticationResult}. Makes the profile if it is missing.
task<outcome> start_session(service_ptr in, account who, time_point now,
                            std::optional<challenge_use> challenge);

// Signs tokens in the blocking pool and gives {AuthenticationResult}; `refresh` may be empty.
task<outcome> authentication_result(service_ptr in, account who, uuid session_id,
                                    time_point signed_in_at, time_point now, std::string refresh);

}  // namespace cruddur::user_pool
