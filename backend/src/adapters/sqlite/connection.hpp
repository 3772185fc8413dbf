// One SQLite connection with its prepared statements. Used by one thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sql/database.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace cruddur::sqlite {

// The engine itself failed (disk full, I/O error, locked, damaged file): the connection's
// transaction is in doubt. `what()` is a sentence without row content.
class engine_error : public std::runtime_error {
 public:
  // `code`: SQLite's result code, or 0 when it gave none.
  engine_error(int code, const std::string& sentence);

  // What the caller of a statement is told. Always a refusal.
  sql::driver_fault kind() const { return kind_; }

 private:
  sql::driver_fault kind_;
};

enum class access { read_only, read_write };

class connection {
 public:
  // Opens the file; read_write creates it where there is none. Throws engine_error.
  connection(const std::filesystem::path& path, access mode);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // Runs one statement. Faults: unique_violation, foreign_key_violation. Throws engine_error, and
  // std::logic_error for a statement that can never work; both name the statement.
  sql::driver_result<sql::query_result> run(const sql::statement& text,
                                            const sql::parameters& values);

  // Runs a script of many statements and drops their rows. Faults and exceptions as run().
  sql::driver_result<> run_script(const std::string& text);

  // Whether a transaction is open.
  bool in_transaction() const;

  // Whether the open transaction breaks a foreign key that is checked at its end.
  bool breaks_deferred_key() const;

  // Pages in the write-ahead log after the last commit of this connection.
  int log_pages() const { return log_pages_; }

  // How many transactions of this connection have written to that log.
  std::uint64_t log_commits() const { return log_commits_; }

  // Copies committed pages from the log into the file without waiting for other connections.
  // Returns how many pages of the log have been copied so far, by this call and earlier ones; 0
  // while another thread is copying.
  int checkpoint();

  // As checkpoint(), and truncates the log file. Returns false when a reader still needs the log.
  bool empty_log();

  // Makes closing leave the log as it is, instead of copying it into the file. For a connection
  // that is dropped after a failure.
  void abandon();

 private:
  struct prepared {
    sqlite3_stmt* handle;
    // For each of SQLite's parameters, its place in the caller's values: 0 for $1.
    std::vector<std::size_t> places;
  };

  prepared& prepare(const sql::statement& text);
  sql::driver_error conflict_or_throw(int code, const sql::statement& text) const;

  sqlite3* handle_ = nullptr;
  std::unordered_map<const sql::statement*, prepared> statements_;
  int log_pages_ = 0;
  std::uint64_t log_commits_ = 0;
};

}  // namespace cruddur::sqlite
