// One read or write on its way through the driver.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/postgres/server_error.hpp"
#include "adapters/sql/outcome.hpp"

namespace cruddur::postgres {

enum class request_kind { read, write };

struct request {
  request_kind kind;
  std::vector<sql::command> commands;
  // Runs `completion`.
  boost::asio::any_io_executor executor;
  std::move_only_function<void(sql::outcome)> completion;

  // What the attempt under way has brought so far. `bug` is an exception met while decoding.
  std::vector<sql::query_result> results;
  std::optional<server_error> error;
  std::exception_ptr bug;

  // Attempts that failed before this one.
  int attempts = 0;

  static constexpr int most_attempts = 6;

  // Forgets what the attempt brought, before the next one.
  void restart() {
    results.clear();
    error.reset();
    ++attempts;
  }
};

using request_ptr = std::unique_ptr<request>;

// Hands the outcome to the request's caller, on the caller's executor.
void answer(request_ptr finished, sql::outcome outcome);

}  // namespace cruddur::postgres
