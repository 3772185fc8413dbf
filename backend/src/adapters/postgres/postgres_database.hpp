// PostgreSQL through libpq in pipeline mode: a few connections, each of which carries many requests
// at once with prepared statements. No call blocks an event loop, and lost connections are opened
// again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/sql/database.hpp"
#include "ports/notifier.hpp"

namespace cruddur::postgres {

struct options {
  // postgres://… or postgresql://…, as libpq takes it.
  std::string url;

  // For all loops together, half for reads and half for writes. 0: two for each loop.
  int connections = 0;

  // Requests that may wait in all; one beyond them is refused as unavailable (database_busy).
  std::size_t queue_limit = 4096;

  // Gets a sentence for the log when the database is lost, reached again and so on. Called on any
  // thread. May be empty.
  std::function<void(const std::string&)> on_error;

  // Called for each read and write that is refused. May be empty.
  sql::refusal_hook on_refusal;
};

// `loops` are the event loops to put connections on, each run by one thread. A call from a loop
// uses the connections of that loop, a call from elsewhere those of any. A loop that has none,
// because fewer are wanted or the server gives fewer, hands its calls to one that has.
//
// Connects in the background: calls wait until each connection's first attempt has failed; while no
// server answers, they fail at once. Each script and each purge opens one connection more, and
// closes it afterwards. A connection that is lost is opened again after growing, jittered pauses,
// and reads that were under way are sent once more.
//
// Close the database before the loops' io_contexts are destroyed. While they run, close() lets what
// is under way finish, for two seconds at most; when they have stopped, it is dropped.
std::unique_ptr<sql::database> open_database(options settings,
                                             std::vector<boost::asio::any_io_executor> loops);

// LISTEN/NOTIFY on one connection of its own. Messages are gathered for a few milliseconds and sent
// as one NOTIFY. Close it before the loop's io_context is destroyed.
std::unique_ptr<notifier> open_notifier(std::string url, boost::asio::any_io_executor loop,
                                        std::function<void(const std::string&)> on_error);

}  // namespace cruddur::postgres
