// The change of an account's email: the new one waits in its code, and when that comes back, the
// account's names are sealed anew, under a key of their own. The old email ends with its key.
#pragma once

#include "adapters/sql/account_reader.hpp"

namespace cruddur::sql {

// Thread-safe. Faults as the account store's.
class email_change {
 public:
  // All outlive it.
  email_change(database& db, content_vault& vault, blind_index& index)
      : db_{db}, vault_{vault}, index_{index}, accounts_{db, vault, index} {}

  // See account_store::code_address().
  task<result<std::optional<std::string>>> address(uuid id, code_purpose purpose, time_point now);

  // See account_store::change_email().
  task<result<code_outcome>> complete(uuid id, std::string code_hash, time_point now);

 private:
  // Nothing when the account or the index key changed meanwhile.
  task<result<std::optional<code_outcome>>> try_to_complete(uuid id, const std::string& code_hash,
                                                            time_point now);
  task<result<std::optional<std::string>>> open_address(uuid id, const row& code);

  database& db_;
  content_vault& vault_;
  blind_index& index_;
  account_reader accounts_;
};

}  // namespace cruddur::sql
