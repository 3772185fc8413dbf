#include "adapters/postgres/server_error.hpp"

#include "adapters/sql/driver_faults.hpp"

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

}  // namespace

server_error interpret(const PGresult* error) {
  const std::string state = part(error, PG_DIAG_SQLSTATE);
  const std::string sentence = state + " " + part(error, PG_DIAG_MESSAGE_PRIMARY);
  if (state == "23505")
    return {verdict::fault, sql::unique_violation(unique_field(error)), sentence};
  // A guard in the statement (WHERE EXISTS …) sees on the second try that the row is gone.
  if (state == "23503") return {verdict::try_again, sql::foreign_key_violation(), sentence};
  if (state == "40001" || state == "40P01" || state == "55P03") {
    return {verdict::try_again, sql::unavailable(), sentence};
  }
  if (state == "26000" || state == "0A000") return {verdict::prepare_again, {}, sentence};
  // A right that an operator took away, and may give back.
  if (state == "42501") return {verdict::fault, sql::unavailable(), sentence};
  if (state.starts_with("57P") || state == "25006") {
    return {verdict::disconnect, sql::unavailable(), sentence};
  }
  // A count of parameters that does not fit is our own mistake, though its class is "connection".
  if (state == "08P01") return {verdict::bug, {}, sentence};
  // Connection, resources, operator, system, internal.
  const auto group = state.substr(0, 2);
  if (group == "08" || group == "53" || group == "57" || group == "58" || group == "XX" ||
      state.empty()) {
    return {verdict::fault, sql::unavailable(), sentence};
  }
  return {verdict::bug, {}, sentence};
}

}  // namespace cruddur::postgres
