// One loop's share of a server: its acceptor, its connections, and the clock of their deadlines.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "base/task.hpp"
#include "http/server_core.hpp"
#include "http/stream_socket.hpp"

namespace cruddur::http {

using stream_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, loop_executor>;

class connection;
class socket_registration;

// Everything but the constructor runs on the loop.
class loop_listener : public std::enable_shared_from_this<loop_listener> {
 public:
  loop_listener(std::shared_ptr<server_core> core, boost::asio::io_context& loop,
                stream_acceptor acceptor);
  ~loop_listener();

  void start();
  void drain();      // no new connections; the idle ones end
  void close_all();  // those under way too
  void stop();       // ends the sweep; call it last

  // Milliseconds of a clock that only moves forward, as of the last sweep.
  std::int64_t coarse_now() const { return coarse_now_; }
  std::string_view http_date(std::int64_t unix_seconds);
  std::uint64_t next_request_number();
  void add(connection& each);
  void add(socket_registration& each);

  // Completes, on this loop, when the others that are ready have been served: a few of those that
  // wait go on each time that the loop has looked for what came in.
  template <class Token>
  auto async_turn(Token&& token) {
    return boost::asio::async_initiate<Token, void()>(
        [this](auto handler) { wait_for_turn(std::move(handler)); }, token);
  }

 private:
  struct registry;

  static task<> accept_forever(std::shared_ptr<loop_listener> self);
  static task<> sweep_forever(std::shared_ptr<loop_listener> self);
  void serve(stream_socket socket);
  void turn_away(stream_socket socket);
  bool note_failure(const boost::system::error_code& error);  // true when it will last a while
  void note_recovery();
  void sweep();
  std::function<void(std::string_view)> error_hook() const;  // to server_options::on_exception
  void return_memory();
  void wait_for_turn(boost::asio::any_completion_handler<void()> handler);
  void schedule_turns();
  void run_turns();

  std::shared_ptr<server_core> core_;
  boost::asio::io_context& loop_;
  stream_acceptor acceptor_;
  boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>
      timer_, pause_;
  std::deque<boost::asio::any_completion_handler<void()>> turns_;
  bool turns_scheduled_ = false;
  std::unique_ptr<registry> connections_;
  std::int64_t coarse_now_ = 0;
  std::int64_t date_seconds_ = -1;
  std::string date_;
  std::uint64_t request_seed_;
  bool stopped_ = false;
};

}  // namespace cruddur::http
