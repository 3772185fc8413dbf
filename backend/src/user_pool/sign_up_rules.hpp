// Reading and checking what a person asks for at sign-up.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

struct sign_up_input {
  std::string email;
  std::string handle;
  std::string display_name;
  std::string password;
};

// A handle, or InvalidParameterException.
wire_result<std::string> read_handle(std::string_view text);

// A display name, or InvalidParameterException.
wire_result<std::string> read_display_name(std::string_view text);

// InvalidPasswordException, or nothing.
std::optional<wire_error> check_new_password(std::string_view password, std::string_view email,
                                             std::string_view handle);

// What a SignUp sends. The username is the email; the attribute `email` may repeat it.
wire_result<sign_up_input> read_sign_up(const service& pool, const wire_request& request);

// The same rules for an account that is added without the wire.
wire_result<sign_up_input> check_sign_up(std::string_view email, std::string_view handle,
                                         std::string_view display_name, std::string password);

}  // namespace cruddur::user_pool
