#include "adapters/sqlite/connection.hpp"

#include <charconv>
#include <cstring>

#include <sqlite3.h>

namespace cruddur::sqlite {
namespace {

constexpr auto reader_settings =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
    // Negative: in KiB.
    "PRAGMA cache_size = -4096";

constexpr auto writer_settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
    "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;"
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16384";

// What run_script() runs, as errors call it.
const sql::statement script{"script", ""};

constexpr int busy_timeout_ms = 2000;

// Emptying the log waits no longer for a reader, because it holds up all writes meanwhile.
constexpr int empty_log_timeout_ms = 50;

// Whether the code says that the engine failed and the same statement may succeed later. The others
// are mistakes in the statement, or constraints (https://www.sqlite.org/rescode.html).
bool is_engine_failure(int code) {
  switch (code & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
      return false;
    default:
      return true;
  }
}

sql::driver_fault kind_of(int code) {
  using enum sql::driver_fault;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return disk_full;
    case SQLITE_READONLY:
      return read_only;
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return forbidden;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_SCHEMA:
      return contended;
    case SQLITE_CANTOPEN:
      return unreachable;
    case SQLITE_IOERR:
      return io;
    default:
      return broken;
  }
}

// The message without the prefix; empty when it begins otherwise.
std::string without_prefix(std::string_view message, std::string_view prefix) {
  if (!message.starts_with(prefix)) return {};
  return std::string{message.substr(prefix.size())};
}

// The columns or the index that a unique violation names, as driver_error spells them. SQLite says
// only in its message which they are: "UNIQUE constraint failed: users.handle, users.pool" becomes
// "users.handle,pool", and "UNIQUE constraint failed: index 'users_handle'" becomes "users_handle".
std::string unique_field(std::string_view message) {
  std::string listed = without_prefix(message, "UNIQUE constraint failed: ");
  if (listed.starts_with("index '")) return listed.substr(7, listed.size() - 8);
  std::string out;
  for (std::size_t start = 0; start < listed.size();) {
    auto end = std::min(listed.find(", ", start), listed.size());
    const std::string_view column = std::string_view{listed}.substr(start, end - start);
    out +=
        out.empty() ? std::string{column} : "," + std::string{column.substr(column.find('.') + 1)};
    start = end + 2;
  }
  return out;
}

struct binder {
  sqlite3_stmt* handle;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(handle, index); }
  int operator()(sql::null_of_type) const { return sqlite3_bind_null(handle, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(handle, index, number); }
  int operator()(const std::string& text) const {
    return sqlite3_bind_text64(handle, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(const sql::bytes& blob) const { return bind(blob.data.data(), blob.data.size()); }
  int operator()(const uuid& id) const { return bind(id.bytes.data(), id.bytes.size()); }

  int bind(const void* data, std::size_t size) const {
    return sqlite3_bind_blob64(handle, index, data, size, SQLITE_STATIC);
  }
};

sql::value column(sqlite3_stmt* handle, int index) {
  const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(handle, index)); };
  switch (sqlite3_column_type(handle, index)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(handle, index));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle, index));
      return std::string(text, size());
    }
    case SQLITE_BLOB: {
      const auto* data = static_cast<const char*>(sqlite3_column_blob(handle, index));
      return sql::bytes{data ? std::string(data, size()) : std::string{}};
    }
    default:
      throw std::logic_error("a column of fractions has no type here");
  }
}

sql::row read_row(sqlite3_stmt* handle) {
  const int count = sqlite3_data_count(handle);
  std::vector<sql::value> columns;
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) columns.push_back(column(handle, i));
  return sql::row{std::move(columns)};
}

// Resets the statement when the scope ends: it can run again, and its bound values, which point
// into the caller's memory, are forgotten.
struct statement_reset {
  sqlite3_stmt* handle;
  ~statement_reset() {
    sqlite3_reset(handle);
    sqlite3_clear_bindings(handle);
  }
};

}  // namespace

engine_error::engine_error(int code, const std::string& sentence)
    : std::runtime_error{sentence}, kind_{kind_of(code)} {}

connection::connection(const std::filesystem::path& path, access mode) {
  const int flags = mode == access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                               : SQLITE_OPEN_READWRITE;
  int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    const char* settings = mode == access::read_write ? writer_settings : reader_settings;
    code = sqlite3_exec(handle_, settings, nullptr, nullptr, nullptr);
  }
  if (code == SQLITE_OK && mode == access::read_only) {
    code = sqlite3_exec(handle_, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  }
  if (code == SQLITE_OK && mode == access::read_write &&
      sqlite3_db_readonly(handle_, "main") == 1) {
    code = SQLITE_READONLY;
    sqlite3_close_v2(handle_);
    throw engine_error(code, "the database " + path.string() +
                                 " can only be read: this user needs "
                                 "to be able to write the file and its folder");
  }
  if (code != SQLITE_OK) {
    const std::string reason = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    sqlite3_close_v2(handle_);
    throw engine_error(code, "can't open the database " + path.string() + ": " + reason);
  }
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<connection*>(self)->log_pages_ = pages;
        ++static_cast<connection*>(self)->log_commits_;
        return SQLITE_OK;
      },
      this);
}

connection::~connection() {
  for (auto& [text, statement] : statements_) sqlite3_finalize(statement.handle);
  sqlite3_close_v2(handle_);
}

connection::prepared& connection::prepare(const sql::statement& text) {
  if (auto found = statements_.find(&text); found != statements_.end()) return found->second;
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.sqlite().c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                      &handle, &rest);
  if (code != SQLITE_OK) conflict_or_throw(code, text);
  prepared statement{handle, {}};
  if (!handle || rest[std::strspn(rest, " \n\t;")] != '\0') {
    sqlite3_finalize(handle);
    throw std::logic_error(text.explain("is not one statement"));
  }
  for (int i = 1; i <= sqlite3_bind_parameter_count(handle); ++i) {
    const char* name = sqlite3_bind_parameter_name(handle, i);
    std::size_t number = 0;
    if (!name || *name != '$' ||
        std::from_chars(name + 1, name + std::strlen(name), number).ec != std::errc{} ||
        number == 0) {
      sqlite3_finalize(handle);
      throw std::logic_error(text.explain("parameters are $1, $2, …"));
    }
    statement.places.push_back(number - 1);
  }
  return statements_.emplace(&text, std::move(statement)).first->second;
}

// The fault for a constraint that a correct statement may break. Throws for every other code:
// engine_error, or std::logic_error for a mistake in the statement.
sql::driver_error connection::conflict_or_throw(int code, const sql::statement& text) const {
  const std::string message = sqlite3_errmsg(handle_);
  if (is_engine_failure(code)) throw engine_error(code, text.explain(message));
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {sql::driver_fault::unique_violation, unique_field(message)};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return {sql::driver_fault::foreign_key_violation};
    default:
      throw std::logic_error(text.explain(message));
  }
}

sql::driver_result<sql::query_result> connection::run(const sql::statement& text,
                                                      const sql::parameters& values) {
  const prepared& statement = prepare(text);
  const statement_reset reset{statement.handle};
  for (std::size_t i = 0; i < statement.places.size(); ++i) {
    const std::size_t place = statement.places[i];
    if (place >= values.size()) {
      throw std::logic_error(text.explain("no value for $" + std::to_string(place + 1)));
    }
    const int code = std::visit(binder{statement.handle, static_cast<int>(i) + 1}, values[place]);
    if (code != SQLITE_OK) conflict_or_throw(code, text);
  }
  sql::query_result out;
  int code = 0;
  while ((code = sqlite3_step(statement.handle)) == SQLITE_ROW) {
    out.rows.push_back(read_row(statement.handle));
  }
  if (code != SQLITE_DONE) return std::unexpected(conflict_or_throw(code, text));
  if (!sqlite3_stmt_readonly(statement.handle)) out.affected_rows = sqlite3_changes64(handle_);
  return out;
}

sql::driver_result<> connection::run_script(const std::string& text) {
  const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(conflict_or_throw(code, script));
  return {};
}

bool connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

bool connection::breaks_deferred_key() const {
  int current = 0;
  int highest = 0;
  sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
  return current != 0;
}

int connection::checkpoint() {
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
  if ((code & 0xff) == SQLITE_BUSY) return 0;
  if (code != SQLITE_OK) throw engine_error(code, sqlite3_errmsg(handle_));
  return copied;
}

bool connection::empty_log() {
  sqlite3_busy_timeout(handle_, empty_log_timeout_ms);
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle_, busy_timeout_ms);
  if ((code & 0xff) == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) throw engine_error(code, sqlite3_errmsg(handle_));
  log_pages_ = 0;
  return true;
}

void connection::abandon() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace cruddur::sqlite
