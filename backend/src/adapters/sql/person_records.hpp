// What the sealed records of a person hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cruddur::sql {

// Of a row of `users`.
struct profile_names {
  std::string handle;
  std::string display_name;
  std::string bio;
};

std::string to_record(const profile_names& names);
std::optional<profile_names> read_profile_names(std::string_view record);

// Of a row of `pool_accounts`.
struct account_names {
  std::string email;
  std::string handle;
  std::string display_name;
};

std::string to_record(const account_names& names);
std::optional<account_names> read_account_names(std::string_view record);

}  // namespace cruddur::sql
