// What became of a read or a write inside a driver: an exception for a bug in a statement, else a
// result.
#pragma once

#include <exception>
#include <vector>

#include "adapters/sql/database.hpp"

namespace cruddur::sql {

struct outcome {
  std::exception_ptr bug;
  driver_result<std::vector<query_result>> value;

  // The result, or throws the exception.
  driver_result<std::vector<query_result>> take() && {
    if (bug) std::rethrow_exception(bug);
    return std::move(value);
  }
};

}  // namespace cruddur::sql
