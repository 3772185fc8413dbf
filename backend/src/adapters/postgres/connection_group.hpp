// The connections of one event loop, and what waits for them. Half are for reads and half for
// writes; where one kind has none open, the other carries both.
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

// A loop without a connection hands its requests to a loop that has one.
class connection_group : public std::enable_shared_from_this<connection_group> {
 public:
  connection_group(std::shared_ptr<common_state> common, boost::asio::any_io_executor loop);

  const boost::asio::any_io_executor& loop() const { return loop_; }

  // Starts connecting; with none, all requests are handed on. From any thread, once.
  void start(int connections);

  // Whether one is open. From any thread.
  bool has_connection() const { return open_ > 0; }

  // Connections were opened elsewhere, or all are away: sees to what waits. From any thread.
  void look_again();

  // From any thread. Answers by itself, with unavailable when there is no connection.
  void enter(request_ptr next);

  // Finishes what is under way, for two seconds at most, then calls `closed` on the loop.
  void close(std::function<void()> closed);

 private:
  struct lane {
    request_kind kind;
    std::shared_ptr<pipeline> open;  // null while it connects
    std::unique_ptr<boost::asio::steady_timer> pause;
    std::chrono::milliseconds next_pause;  // before the next attempt to connect
    bool is_hopeful = true;                // the last attempt did not fail
  };

  task<> keep_connected(std::shared_ptr<connection_group> self, lane* own);
  task<> serve(std::shared_ptr<connection_group> self, lane* own);
  task<std::string> connect(lane* own);
  void plan_pump();
  void pump();
  void pump(request_kind kind);
  pipeline* best_for(request_kind kind) const;
  void hand_over(request_kind kind);
  void done(request_ptr finished);
  void retry_later(request_ptr next);
  void retry_or_fail(std::vector<request_ptr> unfinished, sql::driver_fault why);
  void fail_waiting();
  std::deque<request_ptr>& queue(request_kind kind) {
    return kind == request_kind::read ? reads_ : writes_;
  }
  void finish(request_ptr finished, sql::outcome with);
  void refuse(request_ptr finished, sql::driver_fault why, std::string_view detail = {});
  task<> drain_and_close(std::shared_ptr<connection_group> self, std::function<void()> closed);

  const std::shared_ptr<common_state> common_;
  const boost::asio::any_io_executor loop_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::deque<request_ptr> reads_;
  std::deque<request_ptr> writes_;
  std::size_t under_way_ = 0;
  std::atomic<int> open_{0};  // lanes
  int running_ = 0;           // lanes
  bool pump_planned_ = false;
  bool closing_ = false;
};

}  // namespace cruddur::postgres
