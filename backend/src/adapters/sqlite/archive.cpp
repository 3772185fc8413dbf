#include "adapters/sqlite/archive.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace cruddur::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 10'000;

struct closer {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct finalizer {
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};
using connection_handle = std::unique_ptr<sqlite3, closer>;
using statement_handle = std::unique_ptr<sqlite3_stmt, finalizer>;

std::unexpected<fault> failure(std::string_view action, const fs::path& path,
                               std::string_view reason) {
  std::string sentence{"can't "};
  sentence.append(action).append(" ").append(path.string()).append(": ").append(reason);
  return fail(fault_kind::unavailable, "archive_failed", std::move(sentence));
}

// A database in WAL mode is opened for reading and writing, since a reader writes its lock too.
result<connection_handle> open(const fs::path& path, int flags) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_handle handle{opened};
  if (code != SQLITE_OK) return failure("open", path, sqlite3_errstr(code));
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, busy_timeout_ms);
  return handle;
}

result<statement_handle> prepare(sqlite3& opened, const fs::path& path, const char* text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(&opened, text, -1, &statement, nullptr) != SQLITE_OK) {
    return failure("read", path, sqlite3_errmsg(&opened));
  }
  return statement_handle{statement};
}

result<> sync(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!done) return failure("write", path, std::strerror(error));
  return {};
}

}  // namespace

// One statement reads one snapshot, and needs no second look when others write meanwhile, as the
// backup interface of SQLite does.
result<> write_archive(const fs::path& database, const fs::path& archive) {
  const auto source = open(database, SQLITE_OPEN_READWRITE);
  if (!source) return std::unexpected(source.error());
  // The server's log stays as it is, also when this is the last to close it.
  sqlite3_db_config(source->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const auto copy = prepare(**source, database, "VACUUM INTO ?1");
  if (!copy) return std::unexpected(copy.error());
  const std::string path = archive.string();
  sqlite3_bind_text64(copy->get(), 1, path.data(), path.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (sqlite3_step(copy->get()) != SQLITE_DONE) {
    return failure("write", archive, sqlite3_errmsg(source->get()));
  }
  return sync(archive);
}

result<> check_archive(const fs::path& archive) {
  const auto opened = open(archive, SQLITE_OPEN_READONLY);
  if (!opened) return std::unexpected(opened.error());
  const auto check = prepare(**opened, archive, "PRAGMA integrity_check(1)");
  if (!check) return std::unexpected(check.error());
  if (sqlite3_step(check->get()) != SQLITE_ROW) {
    return failure("read", archive, sqlite3_errmsg(opened->get()));
  }
  const std::string found = reinterpret_cast<const char*>(sqlite3_column_text(check->get(), 0));
  if (found != "ok") return failure("use", archive, "it is damaged: " + found);
  return {};
}

}  // namespace cruddur::sqlite
