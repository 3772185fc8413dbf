// Using up a mailed code and what it allows, in one transaction; see ports/account_store.hpp for
// what each outcome means.
#pragma once

#include "adapters/sql/database.hpp"
#include "ports/account_store.hpp"

namespace cruddur::sql {

// Of an account that is made in the same transaction.
command put_code_command(uuid id, mailed_code code, time_point now);

task<result<bool>> take_mail(database& db, std::string destination, time_point now);
task<result<code_offer>> offer_code(database& db, uuid id, mailed_code code,
                                    std::string destination, time_point now);

task<result<std::optional<std::string>>> read_code_address(database& db, uuid id,
                                                           code_purpose purpose, time_point now);

task<result<code_outcome>> use_sign_up_code(database& db, uuid id, std::string hash,
                                            time_point now);
task<result<code_outcome>> use_reset_code(database& db, uuid id, std::string hash,
                                          password_proof password, time_point now);
task<result<code_outcome>> use_email_code(database& db, uuid id, std::string hash, time_point now);

// A unique constraint's fault in the words of ports/account_store.hpp; other faults stay.
fault explain_account_conflict(const driver_error& error);

}  // namespace cruddur::sql
