#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include "base/random.hpp"
#include "http/connection.hpp"
#include "http/server_core.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;

constexpr auto await = asio::as_tuple(asio::deferred);
constexpr std::chrono::milliseconds sweep_period{250};
constexpr std::chrono::milliseconds accept_pause{100};  // when the system is out of descriptors

constexpr std::string_view full_answer =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "content-type: application/problem+json\r\n"
    "content-length: 157\r\n"
    "retry-after: 1\r\n"
    "connection: close\r\n"
    "\r\n"
    R"({"type":"about:blank","title":"Service Unavailable","status":503,)"
    R"("detail":"The server has no room for another connection.","errors":["too_many_connections"]})";

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

struct loop_listener::registry {
  boost::intrusive::list<connection, boost::intrusive::constant_time_size<false>> all;
};

loop_listener::loop_listener(std::shared_ptr<server_core> core, asio::io_context& loop,
                             stream_acceptor acceptor)
    : core_{std::move(core)},
      loop_{loop},
      acceptor_{std::move(acceptor)},
      timer_{loop.get_executor()},
      connections_{std::make_unique<registry>()},
      coarse_now_{steady_ms()},
      request_seed_{random_below(~std::uint64_t{0})} {}

loop_listener::~loop_listener() = default;

void loop_listener::start() {
  const auto self = shared_from_this();
  const auto executor = loop_.get_executor();
  runtime::spawn_lasting(executor, [self] { return accept_forever(self); }, error_hook());
  runtime::spawn_lasting(executor, [self] { return sweep_forever(self); }, error_hook());
}

std::function<void(std::string_view)> loop_listener::error_hook() const {
  return [core = core_](std::string_view what) {
    if (core->options.on_exception) core->options.on_exception(what, {});
  };
}

task<> loop_listener::accept_forever(std::shared_ptr<loop_listener> self) {
  while (self->acceptor_.is_open()) {
    auto [error, socket] = co_await self->acceptor_.async_accept(await);
    if (!error) {
      self->serve(std::move(socket));
    } else if (error != asio::error::operation_aborted &&
               error != asio::error::connection_aborted && self->acceptor_.is_open()) {
      asio::steady_timer pause{self->loop_, accept_pause};
      co_await pause.async_wait(await);
    }
  }
}

void loop_listener::serve(stream_socket socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  if (core_->open.load(std::memory_order_relaxed) >= core_->options.bounds.connections) {
    socket.non_blocking(true, error);
    socket.write_some(asio::buffer(full_answer), error);
    socket.shutdown(stream_socket::shutdown_send, error);
    return;
  }
  auto each =
      std::make_unique<connection>(core_, shared_from_this(), std::move(socket), peer.address());
  add(*each);
  runtime::spawn(loop_.get_executor(), connection::run(std::move(each)), error_hook());
}

void loop_listener::add(connection& each) {
  connections_->all.push_back(each);
}

task<> loop_listener::sweep_forever(std::shared_ptr<loop_listener> self) {
  while (!self->stopped_) {
    self->timer_.expires_after(sweep_period);
    co_await self->timer_.async_wait(await);
    self->sweep();
  }
}

void loop_listener::sweep() {
  coarse_now_ = steady_ms();
  for (connection& each : connections_->all) each.expire_if_due(coarse_now_);
}

void loop_listener::drain() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (connection& each : connections_->all) each.drain();
}

void loop_listener::close_all() {
  for (connection& each : connections_->all) each.close();
}

void loop_listener::stop() {
  stopped_ = true;
  timer_.cancel();
}

std::string_view loop_listener::http_date(std::int64_t unix_seconds) {
  if (unix_seconds != date_seconds_) {
    date_ = format_http_date(unix_seconds);
    date_seconds_ = unix_seconds;
  }
  return date_;
}

std::uint64_t loop_listener::next_request_number() {
  // SplitMix64: distinct for each step of the seed, and without a visible order.
  std::uint64_t mixed = request_seed_ += 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

}  // namespace cruddur::http
