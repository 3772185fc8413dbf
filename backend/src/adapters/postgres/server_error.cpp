#include "adapters/postgres/server_error.hpp"

#include <optional>

namespace cruddur::postgres {
namespace {

std::string part(const PGresult* error, int field) {
  const char* text = PQresultErrorField(error, field);
  return text ? text : "";
}

// As sql::database spells it. The detail is "Key (a, b)=(1, 2) already exists." in any language;
// the column list ends at the first ")=(".
std::string unique_field(const PGresult* error) {
  const std::string detail = part(error, PG_DIAG_MESSAGE_DETAIL);
  const auto open = detail.find('(');
  const auto end = detail.find(")=(");
  if (open == std::string::npos || end == std::string::npos) {
    return part(error, PG_DIAG_CONSTRAINT_NAME);
  }
  const std::string listed = detail.substr(open + 1, end - open - 1);
  if (listed.find('(') != std::string::npos) return part(error, PG_DIAG_CONSTRAINT_NAME);
  std::string out = part(error, PG_DIAG_TABLE_NAME) + ".";
  for (std::size_t i = 0; i < listed.size(); ++i) {
    out += listed[i];
    if (listed[i] == ',') ++i;  // the blank after it
  }
  return out;
}

// Of what an operator or a better day may cure.
std::optional<sql::driver_fault> refusal_of(std::string_view state) {
  using enum sql::driver_fault;
  if (state == "42501") return forbidden;
  if (state == "25006") return read_only;
  if (state == "57014") return timed_out;
  if (state == "53100") return disk_full;
  if (state == "40001" || state == "40P01" || state == "55P03") return contended;
  // Connection, resources, operator, system, internal.
  const auto group = state.substr(0, 2);
  if (group == "08" || group == "53" || group == "57" || group.empty()) return unreachable;
  if (group == "58") return io;
  if (group == "XX") return broken;
  return std::nullopt;
}

}  // namespace

server_error interpret(const PGresult* error) {
  using enum sql::driver_fault;
  const std::string state = part(error, PG_DIAG_SQLSTATE);
  const std::string sentence = state + " " + part(error, PG_DIAG_MESSAGE_PRIMARY);
  if (state == "23505") return {verdict::fault, {unique_violation, unique_field(error)}, sentence};
  // A guard in the statement (WHERE EXISTS …) sees on the second try that the row is gone.
  if (state == "23503") return {verdict::try_again, {foreign_key_violation}, sentence};
  if (state == "26000" || state == "0A000") return {verdict::prepare_again, {broken}, sentence};
  // A count of parameters that does not fit is our own mistake, though its class is "connection".
  const auto refusal = state == "08P01" ? std::nullopt : refusal_of(state);
  if (!refusal) return {verdict::bug, {broken}, sentence};
  if (*refusal == contended) return {verdict::try_again, {contended}, sentence};
  const bool is_leaving = state.starts_with("57P") || *refusal == read_only;
  return {is_leaving ? verdict::disconnect : verdict::fault, {*refusal}, sentence};
}

}  // namespace cruddur::postgres
