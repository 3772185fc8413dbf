#include "adapters/postgres/preconditions.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "adapters/postgres/session.hpp"
#include "adapters/sql/run_blocking.hpp"

namespace cruddur::postgres {
namespace {

constexpr auto backend = "SELECT pg_backend_pid()";

// $1: the tables' names, separated by commas.
constexpr auto missing_rights =
    "SELECT string_agg(wanted || ' on ' || relname, ', ' ORDER BY relname, wanted) FROM pg_class"
    " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted"
    " WHERE relkind IN ('r', 'p') AND pg_table_is_visible(pg_class.oid)"
    " AND relname = ANY(string_to_array($1, ','))"
    " AND NOT has_table_privilege(pg_class.oid, wanted)";

std::unexpected<fault> unfit(std::string sentence) {
  return fail(fault_kind::unavailable, "database_unfit", std::move(sentence));
}

// Null when there is no connection.
std::unique_ptr<session> connect(const std::string& url) {
  auto attempt = sql::run_blocking(session::connect(url, std::chrono::seconds{5}));
  return attempt ? std::move(*attempt) : nullptr;
}

// The first column of the first row; empty when there is none.
std::string query(PGconn* connection, const char* sql) {
  const result_handle result{PQexec(connection, sql)};
  const bool has_row =
      PQresultStatus(result.get()) == PGRES_TUPLES_OK && PQntuples(result.get()) > 0;
  return has_row ? PQgetvalue(result.get(), 0, 0) : "";
}

// Whether a pooler stands before the server and lends its sessions for one transaction at a time.
// Such a pooler shows by one of two signs: two clients at once meet the same session, or one client
// meets several in turn.
bool shares_sessions(const std::string& url, PGconn* first) {
  const std::string process = query(first, backend);
  // The server itself tells libpq the true number at connecting, a pooler an invented one.
  if (process == std::to_string(PQbackendPID(first))) return false;
  const auto second = connect(url);
  if (!second) return false;
  (void)query(second->handle(), "BEGIN");
  const std::string other = query(second->handle(), backend);
  if (other.empty() || other == process) return true;
  return query(first, backend) != process;
}

}  // namespace

result<> check_server(const std::string& url) {
  const auto opened = connect(url);
  if (!opened) return {};
  const std::string name = PQdb(opened->handle());
  const char* encoding = PQparameterStatus(opened->handle(), "server_encoding");
  if (encoding != nullptr && std::string_view{encoding} != "UTF8") {
    return unfit(
        fmt::format("The database {} is encoded in {}, and Cruddur needs UTF8: make it anew with "
                    "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.",
                    name, encoding));
  }
  if (query(opened->handle(), "SELECT pg_is_in_recovery()") == "t") {
    return unfit(fmt::format(
        "The server of the database {} is a standby, which can only be read: DATABASE_URL must "
        "lead to the primary.",
        name));
  }
  if (query(opened->handle(), "SHOW transaction_read_only") == "on") {
    return unfit(fmt::format(
        "The database {} can only be read by this role: default_transaction_read_only is on.",
        name));
  }
  if (query(opened->handle(), "SELECT current_schema()").empty()) {
    return unfit(fmt::format(
        "The role can use no schema of the database {}: see its search_path and GRANT USAGE.",
        name));
  }
  if (shares_sessions(url, opened->handle())) {
    return unfit(
        "DATABASE_URL leads to a pooler (such as PgBouncer) that lends a session for one "
        "transaction at a time. Prepared statements and notifications need a session for each "
        "connection: use pool_mode=session, or the server itself.");
  }
  return {};
}

namespace {

// Whether a session with one of these names, a list of SQL, goes on. One that ends is seen for a
// moment longer.
bool is_connected(PGconn* connection, const std::string& names) {
  const std::string count =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid() AND application_name IN (" +
      names + ")";
  for (int attempt = 0; attempt < 50; ++attempt) {
    const std::string others = query(connection, count.c_str());
    if (others.empty() || others == "0") return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return true;
}

const std::string quoted_upkeep_name = fmt::format("'{}'", upkeep_name);

}  // namespace

result<> check_unused(const std::string& url) {
  const auto opened = connect(url);
  if (!opened) return {};
  const std::string names = "'cruddur', current_setting('application_name'), " + quoted_upkeep_name;
  if (!is_connected(opened->handle(), names)) return {};
  return unfit(fmt::format("A server is connected to the database {}: stop it first.",
                           PQdb(opened->handle())));
}

result<> check_no_upkeep(const std::string& url) {
  const auto opened = connect(url);
  if (!opened || !is_connected(opened->handle(), quoted_upkeep_name)) return {};
  return unfit("The keys of this database are being moved by cruddur keys: wait for its end.");
}

result<> check_rights(const std::string& url, const std::vector<std::string>& tables) {
  const auto opened = connect(url);
  if (!opened) return {};
  const std::string names = fmt::format("{}", fmt::join(tables, ","));
  const char* const values[] = {names.c_str()};
  const result_handle result{
      PQexecParams(opened->handle(), missing_rights, 1, nullptr, values, nullptr, nullptr, 0)};
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQgetisnull(result.get(), 0, 0) != 0)
    return {};
  return unfit(fmt::format("The role {} lacks rights in the database {}: {}. GRANT them to it.",
                           PQuser(opened->handle()), PQdb(opened->handle()),
                           PQgetvalue(result.get(), 0, 0)));
}

}  // namespace cruddur::postgres
