// The connections of one event loop, half for reads and half for writes, and what waits for them.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/postgres/pipeline.hpp"
#include "adapters/postgres/request.hpp"

namespace cruddur::postgres {

// What all groups of a database share. Thread-safe.
class common_state {
 public:
  common_state(std::string database_url, std::function<void(const std::string&)> on_error,
               sql::refusal_hook on_refusal)
      : url{std::move(database_url)},
        on_error_{std::move(on_error)},
        on_refusal_{std::move(on_refusal)} {}

  // Say it once, however many connections notice.
  void lost(const std::string& reason);
  void restored();
  void failed(const std::string& sentence);
  void broke(std::string_view reason);  // an exception; never throws
  void refused(sql::driver_fault kind, std::string_view detail);

  const std::string url;
  std::atomic<std::size_t> waiting{0};  // requests that came and are not answered

 private:
  const std::function<void(const std::string&)> on_error_;
  const sql::refusal_hook on_refusal_;
  std::atomic<bool> down_{false};
};

class connection_group : public std::enable_shared_from_this<connection_group> {
 public:
  connection_group(std::shared_ptr<common_state> common, boost::asio::any_io_executor loop);

  const boost::asio::any_io_executor& loop() const { return loop_; }

  // Starts connecting. From any thread, once.
  void start(int connections);

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
  };

  task<> keep_connected(std::shared_ptr<connection_group> self, lane* own);
  task<> serve(std::shared_ptr<connection_group> self, lane* own);
  task<bool> connect(lane* own);
  void plan_pump();
  void pump();
  void pump(request_kind kind);
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
  int running_ = 0;  // lanes
  bool pump_planned_ = false;
  bool unreachable_ = false;  // the last attempt to connect failed and none is open
  bool closing_ = false;
};

}  // namespace cruddur::postgres
