// What an error of the server means for the request that met it
// (https://www.postgresql.org/docs/15/errcodes-appendix.html).
#pragma once

#include <string>

#include <libpq-fe.h>

#include "adapters/sql/driver_fault.hpp"

namespace cruddur::postgres {

// What the driver does after an error.
enum class error_action {
  // The error was to be expected: the caller gets `error`.
  report_fault,
  // The statement is wrong: the caller gets a std::logic_error with `sentence`.
  report_bug,
  // The request lost a race and is sent again; the caller gets `error` after the last attempt.
  try_again,
  // The prepared statement is gone or out of date: it is prepared anew and the request sent again.
  prepare_again,
  // The connection is ending, or leads to a server that can't be written: it is replaced.
  disconnect,
};

struct server_error {
  error_action action;
  sql::driver_error error;
  // For the log: SQLSTATE and message, without row content.
  std::string sentence;

  // Whether the role lacks a right, or the server or session can only be read.
  bool is_forbidden() const {
    return error.kind == sql::driver_fault::forbidden || error.kind == sql::driver_fault::read_only;
  }
};

server_error interpret(const PGresult* error);

}  // namespace cruddur::postgres
