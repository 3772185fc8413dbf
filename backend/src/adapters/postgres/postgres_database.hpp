// PostgreSQL through libpq in pipeline mode: a few connections, each carrying many requests at
// once, prepared statements, no blocking call on an event loop, reconnecting by itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/sql/database.hpp"
#include "adapters/sql/doorbell.hpp"

namespace cruddur::postgres {

struct options {
  std::string url;      // postgres://… or postgresql://…, as libpq takes it
  int connections = 0;  // in all, half for reads and half for writes; 0 = two for each loop
  std::size_t queue_limit =
      4096;  // requests waiting in all; beyond it one is refused as unavailable (database_busy)
  std::function<void(const std::string&)>
      on_error;                  // a sentence for the log: lost, reconnecting, … from any thread
  sql::refusal_hook on_refusal;  // for each read and write; may be empty
};

// `loops`: the event loops to put connections on, each run by one thread; calls from a loop use
// that loop's connections, calls from elsewhere any. A loop that has none, because fewer are wanted
// or the server gives fewer, hands its calls to one that has. Connects in the background: until a
// first attempt has failed, calls wait; while no server answers, they fail at once. One connection
// more is opened for each script and each purge, and closed after it. A connection that is
// lost is opened again with growing, jittered pauses; reads under way are sent once more.
//
// Close it before the loops' io_contexts are destroyed. While they run, close() lets what is under
// way finish, for two seconds at most; when they have stopped, it is dropped.
std::unique_ptr<sql::database> open_database(options settings,
                                             std::vector<boost::asio::any_io_executor> loops);

// LISTEN/NOTIFY on one connection of its own; rings are coalesced and sent a few milliseconds later
// as one NOTIFY. Close it before the loop's io_context is destroyed.
std::unique_ptr<sql::doorbell> open_doorbell(std::string url, boost::asio::any_io_executor loop,
                                             std::function<void(const std::string&)> on_error);

}  // namespace cruddur::postgres
