// Codes that are mailed, and using one up together with what it allows, in one transaction; see
// ports/account_store.hpp for what each outcome means. Emails are changed by email_change.hpp.
#pragma once

#include <optional>
#include <string>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/account_store.hpp"

namespace cruddur::sql {

// Of an account that is made before it in the same transaction; nothing where it was not.
command put_code_command(uuid id, mailed_code code, time_point now);

task<result<bool>> take_mail(database& db, name_macs destination, time_point now);
task<result<code_offer>> offer_code(database& db, content_vault& vault, const blind_index& index,
                                    uuid id, mailed_code code, name_macs destination,
                                    time_point now);

task<result<code_outcome>> use_sign_up_code(database& db, uuid id, std::string hash,
                                            time_point now);
task<result<code_outcome>> use_reset_code(database& db, uuid id, std::string hash,
                                          password_proof password, time_point now);

// First in a transaction that tries a code: a try writes the same whatever comes of it, and on
// PostgreSQL the row's lock makes those who try at once go one by one.
extern const statement count_code_try;

// The code that waits: hash, whether it is used, its end, and slot, sealed and key of its email.
// $1 account, $2 purpose.
extern const statement select_code;

// In a statement whose parameters begin with code_parameters(): the code is good.
std::string code_is_good();
parameters code_parameters(const uuid& id, code_purpose purpose, const std::string& hash,
                           time_point now);

// Why the code that select_code found is not good; nothing when it is.
std::optional<code_outcome> refusal_of(const query_result& found, const std::string& hash,
                                       time_point now);

// A unique constraint's fault in the words of ports/account_store.hpp; other faults stay.
fault explain_account_conflict(const driver_error& error);

}  // namespace cruddur::sql
