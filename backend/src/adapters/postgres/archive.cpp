#include "adapters/postgres/archive.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "adapters/postgres/session.hpp"
#include "adapters/postgres/tool.hpp"
#include "adapters/sql/run_blocking.hpp"

namespace cruddur::postgres {
namespace {

std::unexpected<fault> failure(std::string sentence) {
  return fail(fault_kind::unavailable, "archive_failed", std::move(sentence));
}

result<> run(const std::string& url, const char* sql) {
  const auto opened = sql::run_blocking(session::connect(url, std::chrono::seconds{5}));
  if (!opened) return failure("The database can't be reached: " + opened.error() + ".");
  const result_handle done{PQexec((*opened)->handle(), sql)};
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) {
    return failure("The database can't be written: " + last_error((*opened)->handle()) + ".");
  }
  return {};
}

}  // namespace

result<> write_archive(const std::string& url, const std::filesystem::path& archive) {
  auto done = run_tool(
      "pg_dump",
      {"--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=content_keys*",
       "--exclude-table-data=key_holder", "--file=" + archive.string()},
      url);
  if (!done) return std::unexpected(std::move(done.error()));
  const int file = ::open(archive.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!synced) return failure("can't write " + archive.string() + ": " + std::strerror(error));
  return {};
}

// Making SQL of it reads every block; a list reads only the front.
result<> check_archive(const std::filesystem::path& archive) {
  auto listed = run_tool("pg_restore", {"--list", archive.string()});
  if (!listed) return std::unexpected(std::move(listed.error()));
  if (!listed->contains("TABLE DATA") || !listed->contains("schema_migrations")) {
    return failure("the archive " + archive.string() + " lacks tables");
  }
  auto read = run_tool("pg_restore", {"--file=/dev/null", archive.string()});
  if (!read) return std::unexpected(std::move(read.error()));
  return {};
}

result<> restore_archive(const std::string& url, const std::filesystem::path& archive) {
  if (auto marked = run(url, "CREATE TABLE restore_under_way ()"); !marked) return marked;
  auto done = run_tool("pg_restore",
                       {"--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
                        archive.string()},
                       url);
  if (!done) return std::unexpected(std::move(done.error()));
  return {};
}

result<> finish_restore(const std::string& url) {
  return run(url, "DROP TABLE restore_under_way");
}

result<std::int64_t> count_tables(const std::string& url) {
  const auto opened = sql::run_blocking(session::connect(url, std::chrono::seconds{5}));
  if (!opened) return failure("The database can't be reached: " + opened.error() + ".");
  const result_handle found{
      PQexec((*opened)->handle(),
             "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v', 'm') "
             "AND relnamespace = current_schema()::regnamespace")};
  if (PQresultStatus(found.get()) != PGRES_TUPLES_OK) {
    return failure("The database can't be read: " + last_error((*opened)->handle()) + ".");
  }
  return std::stoll(PQgetvalue(found.get(), 0, 0));
}

}  // namespace cruddur::postgres
