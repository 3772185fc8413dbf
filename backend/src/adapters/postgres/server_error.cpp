#include "adapters/postgres/server_error.hpp"

#include <optional>

namespace cruddur::postgres {
namespace {

// A field of the error; empty where the server sent none.
std::string field_of(const PGresult* error, int field) {
  const char* text = PQresultErrorField(error, field);
  return text ? text : "";
}

// The columns of the constraint that was broken, as driver_error spells them. They stand only in
// the detail, "Key (a, b)=(1, 2) already exists.", whose parentheses are the same in every
// language: the list of columns ends at the first ")=(". For an index over an expression, the
// index's name.
std::string unique_field(const PGresult* error) {
  const std::string detail = field_of(error, PG_DIAG_MESSAGE_DETAIL);
  const auto open = detail.find('(');
  const auto end = detail.find(")=(");
  if (open == std::string::npos || end == std::string::npos) {
    return field_of(error, PG_DIAG_CONSTRAINT_NAME);
  }
  const std::string listed = detail.substr(open + 1, end - open - 1);
  if (listed.find('(') != std::string::npos) return field_of(error, PG_DIAG_CONSTRAINT_NAME);
  std::string out = field_of(error, PG_DIAG_TABLE_NAME) + ".";
  for (std::size_t i = 0; i < listed.size(); ++i) {
    out += listed[i];
    // Skips the blank after a comma.
    if (listed[i] == ',') ++i;
  }
  return out;
}

// The refusal for a state that says nothing against the statement: it may succeed later, or once an
// operator has stepped in.
std::optional<sql::driver_fault> refusal_of(std::string_view state) {
  using enum sql::driver_fault;
  if (state == "42501") return forbidden;
  if (state == "25006") return read_only;
  if (state == "57014") return timed_out;
  if (state == "53100") return disk_full;
  if (state == "40001" || state == "40P01" || state == "55P03") return contended;
  // Classes of SQLSTATE: 08 connection, 53 resources, 57 operator, 58 system, XX internal.
  const auto group = state.substr(0, 2);
  if (group == "08" || group == "53" || group == "57" || group.empty()) return unreachable;
  if (group == "58") return io;
  if (group == "XX") return broken;
  return std::nullopt;
}

}  // namespace

server_error interpret(const PGresult* error) {
  using enum sql::driver_fault;
  const std::string state = field_of(error, PG_DIAG_SQLSTATE);
  const std::string sentence = state + " " + field_of(error, PG_DIAG_MESSAGE_PRIMARY);
  if (state == "23505")
    return {error_action::report_fault, {unique_violation, unique_field(error)}, sentence};
  // The row was removed after the statement's own guard (WHERE EXISTS …) had seen it; on the second
  // attempt the guard sees that it is gone.
  if (state == "23503") return {error_action::try_again, {foreign_key_violation}, sentence};
  if (state == "26000" || state == "0A000")
    return {error_action::prepare_again, {broken}, sentence};
  // 08P01 comes with a count of parameters that does not fit: a bug, though its class is 08.
  const auto refusal = state == "08P01" ? std::nullopt : refusal_of(state);
  if (!refusal) return {error_action::report_bug, {broken}, sentence};
  if (*refusal == contended) return {error_action::try_again, {contended}, sentence};
  const bool is_leaving = state.starts_with("57P") || *refusal == read_only;
  return {is_leaving ? error_action::disconnect : error_action::report_fault, {*refusal}, sentence};
}

}  // namespace cruddur::postgres
