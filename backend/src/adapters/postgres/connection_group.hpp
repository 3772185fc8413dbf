// The connections of one event loop, and the requests that wait for them.
//
// - Half of the connections are for reads and half for writes, so that a read does not wait behind
// a
//   commit. While one kind has none open, the other carries both.
// - Requests wait in two queues, and once per turn of the loop as many are sent as the least busy
//   connections may carry: reads one by one, writes in batches (pipeline.hpp).
// - A connection that is lost is opened again after a pause, which grows and is jittered. A read
//   that was under way is sent once more. A write is refused, because nobody knows what became of
//   it.
// - A loop without a connection hands its requests to a loop that has one. While no loop has one
// but
//   attempts go on, they wait; when all attempts have failed, they are refused (common_state.hpp).
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/postgres/common_state.hpp"
#include "adapters/postgres/pipeline.hpp"
#include "adapters/postgres/request.hpp"

namespace cruddur::postgres {

class connection_group : public std::enable_shared_from_this<connection_group> {
 public:
  connection_group(std::shared_ptr<common_state> common, boost::asio::any_io_executor loop);

  const boost::asio::any_io_executor& loop() const { return loop_; }

  // Starts connecting. With no connections, all requests are handed to other loops. Call it once,
  // from any thread.
  void start(int connections);

  // Whether a connection is open. From any thread.
  bool has_connection() const { return open_ > 0; }

  // Sends or refuses the waiting requests, after a connection was opened somewhere or the last
  // attempt failed. From any thread.
  void handle_change();

  // Takes a request and answers it: as unreachable when the database is away. From any thread.
  void submit(request_ptr next);

  // Lets what is under way finish, for two seconds at most, then closes all connections and calls
  // `closed` on the loop. From any thread.
  void close(std::function<void()> closed);

 private:
  struct connection {
    request_kind kind;
    // Null while it connects.
    std::shared_ptr<pipeline> open;
    std::unique_ptr<boost::asio::steady_timer> timer;
    // Before the next attempt to connect.
    std::chrono::milliseconds next_pause;
    // The last attempt to connect has not failed.
    bool is_viable = true;
  };

  task<> keep_connected(std::shared_ptr<connection_group> self, connection* owned);
  task<> serve(std::shared_ptr<connection_group> self, connection* owned);
  task<std::string> connect(connection* owned);
  void schedule_pump();
  void pump();
  void pump(request_kind kind);
  pipeline* best_pipeline(request_kind kind) const;
  void hand_over(request_kind kind);
  void complete(request_ptr finished);
  void retry_later(request_ptr next);
  void retry_or_refuse(std::vector<request_ptr> unfinished, sql::driver_fault reason);
  void refuse_waiting();
  std::deque<request_ptr>& queue(request_kind kind) {
    return kind == request_kind::read ? reads_ : writes_;
  }
  void finish(request_ptr finished, sql::outcome outcome);
  void refuse(request_ptr finished, sql::driver_fault reason, std::string_view detail = {});
  task<> drain_and_close(std::shared_ptr<connection_group> self, std::function<void()> closed);

  const std::shared_ptr<common_state> common_;
  const boost::asio::any_io_executor loop_;
  std::vector<std::unique_ptr<connection>> connections_;
  std::deque<request_ptr> reads_;
  std::deque<request_ptr> writes_;
  // Requests that are sent, or wait for their next attempt.
  std::size_t under_way_ = 0;
  // Connections that are open.
  std::atomic<int> open_{0};
  // Connections that are open or to be opened again.
  int running_ = 0;
  bool pump_is_scheduled_ = false;
  bool is_closing_ = false;
};

}  // namespace cruddur::postgres
