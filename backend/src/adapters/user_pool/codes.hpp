// Six-digit codes: made, hashed, mailed.
#pragma once

#include "adapters/user_pool/service.hpp"

namespace cruddur::user_pool {

struct fresh_code {
  std::string digits;
  mailed_code kept;
};

fresh_code make_code(const service& in, const uuid& account, code_purpose purpose,
                     std::string email, time_point now);

// Of what a person typed; spaces around and between the digits don't count.
std::string hash_code(const service& in, const uuid& account, code_purpose purpose,
                      std::string_view typed);

// Hands the code's mail over and waits. Fault: CodeDeliveryFailureException.
task<wire_result<void>> mail_code(service_ptr in, fresh_code code, std::string handle);

// Makes, keeps and mails a code after the caller has answered, so that the answer's time does not
// tell whether there is an account. What goes wrong is logged. Fault: too many such mails wait.
wire_result<void> mail_code_later(const boost::asio::any_io_executor& loop, const service_ptr& in,
                                  account to, code_purpose purpose, time_point now);

// Tells the old address that the email of an account was changed.
void mail_notice_later(const boost::asio::any_io_executor& loop, const service_ptr& in,
                       std::string to, const std::string& handle);

// {Destination, DeliveryMedium, AttributeName}
boost::json::object delivery_details(std::string_view email);

// The outcome of a code as Cognito words it; nothing when it was accepted.
std::optional<wire_error> code_error(code_outcome from);

}  // namespace cruddur::user_pool
