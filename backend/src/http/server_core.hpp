// What all connections of one server share, and what those of one loop share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "base/task.hpp"
#include "http/answer_writer.hpp"
#include "http/cors.hpp"
#include "http/head_parser.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/trusted_proxies.hpp"

namespace cruddur::http {

// Bound to a loop's own executor type, which is cheaper than the type-erased one.
using loop_executor = boost::asio::io_context::executor_type;
using stream_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;
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
                    options.bounds.body_bytes} {}

  server_options options;
  std::shared_ptr<const router> routes;
  const clock& time;
  trusted_proxies proxies;
  cors_policy cors;
  fixed_lines fixed;
  head_limits head_bounds;

  std::atomic<std::size_t> open = 0;
  std::atomic<bool> draining = false;
  std::mutex mutex;
  std::condition_variable closed;  // a connection has ended, while draining
};

class connection;

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

 private:
  struct registry;

  static task<> accept_forever(std::shared_ptr<loop_listener> self);
  static task<> sweep_forever(std::shared_ptr<loop_listener> self);
  void serve(stream_socket socket);
  void sweep();
  std::function<void(std::string_view)> error_hook() const;  // to server_options::on_exception

  std::shared_ptr<server_core> core_;
  boost::asio::io_context& loop_;
  stream_acceptor acceptor_;
  boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>
      timer_;
  std::unique_ptr<registry> connections_;
  std::int64_t coarse_now_ = 0;
  std::int64_t date_seconds_ = -1;
  std::string date_;
  std::uint64_t request_seed_;
  bool stopped_ = false;
};

}  // namespace cruddur::http
