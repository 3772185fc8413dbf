// Finds accounts of the local user pool and opens what is sealed of them.
#pragma once

#include <optional>
#include <string>

#include "adapters/sql/blind_index.hpp"
#include "adapters/sql/content_vault.hpp"
#include "adapters/sql/database.hpp"
#include "ports/account_store.hpp"

namespace cruddur::sql {

struct found_account {
  cruddur::account account;
  key_slot slot;
};

// Thread-safe. Whether a name is found or not, the work is the same. Faults as the account store's.
class account_reader {
 public:
  // All outlive it.
  account_reader(database& db, content_vault& vault, blind_index& index)
      : db_{db}, vault_{vault}, index_{index} {}

  // Those that are overdue at `now` are not found.
  task<result<std::optional<found_account>>> find(uuid id, time_point now);
  task<result<std::optional<found_account>>> find_by_email(std::string email, time_point now);
  task<result<std::optional<found_account>>> find_by_handle(std::string handle, time_point now);

 private:
  task<result<std::optional<found_account>>> find_by_name(const statement& select, name_kind kind,
                                                          std::string name, time_point now);
  task<result<std::optional<found_account>>> open(driver_result<query_result> found);

  database& db_;
  content_vault& vault_;
  blind_index& index_;
};

}  // namespace cruddur::sql
