#include "adapters/sql/person_records.hpp"

#include <array>

#include "base/field_list.hpp"

namespace cruddur::sql {

std::string to_record(const profile_names& names) {
  return pack_fields({names.handle, names.display_name, names.bio});
}

std::optional<profile_names> read_profile_names(std::string_view record) {
  std::array<std::string_view, 3> fields;
  if (!unpack_fields(record, fields)) return std::nullopt;
  return profile_names{std::string{fields[0]}, std::string{fields[1]}, std::string{fields[2]}};
}

std::string to_record(const account_names& names) {
  return pack_fields({names.email, names.handle, names.display_name});
}

std::optional<account_names> read_account_names(std::string_view record) {
  std::array<std::string_view, 3> fields;
  if (!unpack_fields(record, fields)) return std::nullopt;
  return account_names{std::string{fields[0]}, std::string{fields[1]}, std::string{fields[2]}};
}

}  // namespace cruddur::sql
