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
  boost::asio::any_io_executor executor;  // where `done` is to run
  std::move_only_function<void(sql::outcome)> done;

  // Of the attempt under way.
  std::vector<sql::query_result> results;
  std::optional<server_error> error;
  std::exception_ptr bug;  // found while decoding
  int attempts = 0;

  static constexpr int most_attempts = 6;

  void restart() {
    results.clear();
    error.reset();
    ++attempts;
  }
};

using request_ptr = std::unique_ptr<request>;

// Lets the caller go on, on its own executor.
void answer(request_ptr done, sql::outcome with);

}  // namespace cruddur::postgres
