// What the stores need of a relational database. Two drivers stand under it: adapters/sqlite and
// adapters/postgres.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/sql/driver_fault.hpp"
#include "adapters/sql/statement.hpp"
#include "base/fault.hpp"
#include "base/task.hpp"
#include "base/uuid.hpp"

namespace cruddur::sql {

// Types on both sides: int64 (SQLite INTEGER, PostgreSQL bigint; times are Unix milliseconds, truth
// is 0 or 1), text, bytes (BLOB, bytea), uuid (BLOB of 16 bytes, uuid). PostgreSQL is told that a
// parameter is bigint, text, bytea or uuid after its value. In results boolean, smallint, integer
// and whole numerics (as sum() gives) are int64 too.

struct bytes {
  std::string data;
};

// A null parameter that tells its type. PostgreSQL takes a bare null in a select list for text, so
// INSERT … SELECT $1 needs this for other columns. In VALUES, SET and comparisons either will do.
enum class null_of_type { integer, text, bytes, uuid };

// null_of_type is for parameters only; a null in a row is always monostate.
using value = std::variant<std::monostate, std::int64_t, std::string, bytes, uuid, null_of_type>;
using parameters = std::vector<value>;

inline value from_optional(const std::optional<uuid>& id) {
  return id ? value{*id} : value{null_of_type::uuid};
}
inline value from_optional(const std::optional<std::int64_t>& number) {
  return number ? value{*number} : value{null_of_type::integer};
}
inline value from_optional(const std::optional<std::string>& text) {
  return text ? value{*text} : value{null_of_type::text};
}

// One result row. A column asked for as a type that it is not, or past the end, throws
// std::logic_error: that is a bug in a store.
class row {
 public:
  explicit row(std::vector<value> columns) : columns_{std::move(columns)} {}

  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  bool boolean(std::size_t column) const { return integer(column) != 0; }
  const std::string& text(std::size_t column) const;
  const std::string& blob(std::size_t column) const;
  uuid id(std::size_t column) const;
  std::optional<uuid> optional_id(std::size_t column) const;
  time_point time(std::size_t column) const { return from_unix_ms(integer(column)); }

 private:
  std::vector<value> columns_;
};

struct query_result {
  // Of a SELECT or a RETURNING clause.
  std::vector<row> rows;
  // Changed by INSERT, UPDATE, DELETE themselves; what triggers change does not count.
  std::int64_t affected_rows = 0;
};

// A statement to run and the values of its parameters.
struct command {
  command(const statement& constant, parameters bound)
      : text{&constant}, values{std::move(bound)} {}
  command(const statement&&, parameters) = delete;

  const statement* text;
  parameters values;
};

enum class engine { sqlite, postgres };

// What was done since the database was opened.
struct statistics {
  std::uint64_t reads = 0;       // statements
  std::uint64_t writes = 0;      // units of work acknowledged
  std::uint64_t statements = 0;  // of those units
  std::uint64_t rows = 0;        // changed by those statements themselves, as query_result says
  std::uint64_t commits = 0;     // transactions that waited for the disk
};

// Thread-safe; every call may be made from any event loop and resumes on the caller's.
//
// Faults: those of driver_fault. After one that is a refusal, save `busy`, a write may or may not
// have happened: whoever repeats it needs an idempotency key. A unique constraint or index that
// forbids a write is a unique_violation, a row that is referred to and gone a
// foreign_key_violation. A statement that the engine can't parse, or that breaks another
// constraint, throws std::logic_error. What the exception, or the report of a refusal, says begins
// with the statement's name.
class database {
 public:
  virtual ~database() = default;

  virtual engine kind() const = 0;

  virtual statistics counts() const = 0;

  // Reads outside any transaction: sees all that was acknowledged before it began.
  virtual task<driver_result<query_result>> read(const statement& text, parameters values) = 0;

  // Runs the commands in order as one transaction, in one round trip: all or nothing, and durable
  // (on disk) when it returns. A command can't look at an earlier one's result in C++; it guards
  // itself in SQL instead (INSERT … SELECT … WHERE EXISTS …).
  virtual task<driver_result<std::vector<query_result>>> write(std::vector<command> commands) = 0;

  // As write(), for one command.
  task<driver_result<query_result>> write_one(const statement& text, parameters values);

  task<driver_result<query_result>> read(const statement&&, parameters) = delete;
  task<driver_result<query_result>> write_one(const statement&&, parameters) = delete;

  // Runs many statements of plain SQL as one transaction; for migrations only. Blocks: never call
  // it on an event loop. Faults: in words for the operator.
  virtual result<> execute_script(const std::string& sql) = 0;

  // Puts what was deleted or overwritten out of reach of whoever reads the files: SQLite overwrites
  // it in the database's file at once, and this empties the write-ahead log; PostgreSQL vacuums
  // those of the tables that have dead rows. Costs next to nothing where there is nothing to do.
  // False when something still reads the old pages: call again later.
  virtual task<driver_result<bool>> purge(std::vector<std::string> tables) = 0;

  // Writes the tables anew, so that no page of them holds what was deleted or dropped before.
  // SQLite writes the whole file; on PostgreSQL the role must own the tables, which nobody can read
  // meanwhile. Blocks, for minutes where they are large: never call it on an event loop. Faults: in
  // words for the operator; then nothing has changed.
  virtual result<> rewrite(const std::vector<std::string>& tables) = 0;

  // Finishes the writes that are queued and refuses later ones. Afterwards no thread but the event
  // loops' own posts to them. Blocks; call it while the loops still run, from outside.
  virtual void end_writes() = 0;

  // Stops taking calls, finishes those under way, and closes. Blocks; call once, after the event
  // loops have stopped using it.
  virtual void close() = 0;
};

}  // namespace cruddur::sql
