// What all connections of one server share, and what those of one loop share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "base/task.hpp"
#include "http/address_counts.hpp"
#include "http/answer_writer.hpp"
#include "http/cors.hpp"
#include "http/head_parser.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/stream_socket.hpp"
#include "http/trusted_proxies.hpp"

namespace cruddur::http {

using stream_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, loop_executor>;

// Immutable once started, save the counters.
struct server_core {
  server_core(server_options given, std::shared_ptr<const router> table, const clock& now,
              trusted_proxies believed)
      : options{std::move(given)},
        routes{std::move(table)},
        time{now},
        proxies{std::move(believed)},
        cors{options.allowed_origins},
        fixed{options.strict_transport_security, options.content_security_policy},
        head_bounds{options.bounds.header_bytes, options.bounds.target_bytes,
                    options.bounds.header_lines},
        places{options.bounds.connections_per_address} {}

  // Tells the operator, whatever that costs: what is told of may be that memory is short.
  void report(std::string_view sentence) const noexcept;

  std::optional<address_counts::place> take_place(const boost::asio::ip::address& peer);

  void connection_began() { open.fetch_add(1, std::memory_order_relaxed); }
  void connection_ended();  // wakes the shutdown that waits for it

  server_options options;
  std::shared_ptr<const router> routes;
  const clock& time;
  trusted_proxies proxies;
  cors_policy cors;
  fixed_lines fixed;
  head_limits head_bounds;

  address_counts places;
  std::atomic<std::size_t> open = 0;  // taken-over sockets among them
  std::atomic<std::size_t> taken_over = 0;
  std::atomic<std::size_t> most_open = 0;      // since memory was last given back
  std::atomic<std::int64_t> trimmed_at = 0;    // on the coarse clock
  std::atomic<std::int64_t> starved_at = 0;    // when accepting last failed; 0 = it works
  std::atomic<std::uint64_t> turned_away = 0;  // connections beyond a limit
  std::atomic<bool> draining = false;
  std::mutex mutex;
  std::condition_variable closed;  // a connection has ended, while draining
};

class connection;
class socket_registration;

// One loop's acceptor and its connections. Everything but the constructor runs on that loop.
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
