// What an error of the server means for the request that met it
// (https://www.postgresql.org/docs/15/errcodes-appendix.html).
#pragma once

#include <string>

#include <libpq-fe.h>

#include "adapters/sql/driver_fault.hpp"

namespace cruddur::postgres {

enum class verdict {
  fault,          // expected: `what` goes to the caller
  bug,            // a wrong statement: the caller gets an exception with `sentence`
  try_again,      // it lost a race: `what` goes to the caller when trying again doesn't help
  prepare_again,  // the prepared statement is gone or out of date
  disconnect,     // the connection is ending, or leads to a server that can't be written
};

struct server_error {
  verdict means;
  sql::driver_error what;
  std::string sentence;  // for the log: state and message, no row content

  // Whether the role lacks a right, or the server or session can only be read.
  bool is_forbidden() const {
    return what.kind == sql::driver_fault::forbidden || what.kind == sql::driver_fault::read_only;
  }
};

server_error interpret(const PGresult* error);

}  // namespace cruddur::postgres
