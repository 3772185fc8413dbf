// Codes of ten digits: made, hashed, mailed. They are too many to be guessed, so that wrong guesses
// need not spoil them.
#pragma once

#include "user_pool/service.hpp"

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

// The digits of a code that was made before: of its seed.
std::string code_digits(const service& in, const uuid& account, code_purpose purpose,
                        std::string_view seed);

// Hands the code's mail over and waits. Fault: CodeDeliveryFailureException.
task<wire_result<void>> mail_code(service_ptr in, fresh_code code, std::string email, account who);

// Keeps a code, or goes on with the one that waits, and mails it after the caller has answered, if
// that is `wanted` and the address's allowance has room. When not, the same work is done but for
// the mail, so that neither the answer nor its time tells whether there is an account. What goes
// wrong with the mail is logged. Fault: too many such mails wait.
task<wire_result<void>> offer_code(service_ptr in, subject who, bool wanted, code_purpose purpose,
                                   time_point now);

wire_error too_many_mails();

// Tells the old address that the email of an account was changed.
void mail_notice_later(const boost::asio::any_io_executor& loop, const service_ptr& in,
                       std::string to, const std::string& handle);

// {Destination, DeliveryMedium, AttributeName}
boost::json::object delivery_details(std::string_view email);

// The outcome of a code as Cognito words it; nothing when it was accepted.
std::optional<wire_error> code_error(code_outcome from);

}  // namespace cruddur::user_pool
