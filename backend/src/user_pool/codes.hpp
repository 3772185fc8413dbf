// Codes of ten digits: made, hashed, mailed. They are too many to be guessed, so that wrong guesses
// need not spoil them.
#pragma once

#include "user_pool/service.hpp"

namespace cruddur::user_pool {

struct fresh_code {
  std::string digits;
  mailed_code kept;
};

// `email` is the new one of an email change, else empty.
fresh_code make_code(const service& pool, const uuid& account_id, code_purpose purpose,
                     std::string email, time_point now);

// Of what a person typed; spaces around and between the digits don't count.
std::string hash_code(const service& pool, const uuid& account_id, code_purpose purpose,
                      std::string_view typed);

// The digits of a code that was made before, which follow from its seed.
std::string code_digits(const service& pool, const uuid& account_id, code_purpose purpose,
                        std::string_view seed);

// Hands the code's mail over and waits. CodeDeliveryFailureException when it can't be sent.
task<wire_result<void>> mail_code(service_ptr pool, fresh_code code, std::string recipient,
                                  account account);

// Keeps a code, or goes on with the one that waits, and mails it after the caller was answered, if
// a mail is wanted and the address's allowance has room. Otherwise the same work is done but for
// the mail, so that neither the answer nor its time tells whether there is an account. A mail that
// fails is logged. Refused (too_busy()) while too many such mails are under way.
task<wire_result<void>> offer_code(service_ptr pool, account_lookup lookup, bool is_wanted,
                                   code_purpose purpose, time_point now);

wire_error too_many_mails();

// Tells the old address that the email of an account was changed.
void mail_notice_later(const boost::asio::any_io_executor& loop, const service_ptr& pool,
                       std::string recipient, const std::string& handle);

// The text of {Destination, DeliveryMedium, AttributeName}.
std::string delivery_details(std::string_view email);

// The outcome of a code as Cognito words it; nothing when it was accepted.
std::optional<wire_error> code_error(code_outcome outcome);

}  // namespace cruddur::user_pool
