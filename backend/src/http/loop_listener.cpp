#include "http/loop_listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <malloc.h>

#include "base/random.hpp"
#include "http/connection.hpp"
#include "http/upgraded_connection.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;

constexpr auto await = asio::as_tuple(asio::deferred);
constexpr std::chrono::milliseconds sweep_period{250};
constexpr std::chrono::milliseconds accept_pause{100};  // when the system is out of descriptors
constexpr std::chrono::milliseconds recovery_time{3000};
constexpr std::chrono::milliseconds trim_pause{5000};
constexpr std::size_t crowd = 256;
constexpr std::size_t turns_at_once = 4;

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
  boost::intrusive::list<socket_registration, boost::intrusive::constant_time_size<false>> sockets;
  boost::intrusive::list<connection, boost::intrusive::constant_time_size<false>> all;
};

loop_listener::loop_listener(std::shared_ptr<server_core> core, asio::io_context& loop,
                             stream_acceptor acceptor)
    : core_{std::move(core)},
      loop_{loop},
      acceptor_{std::move(acceptor)},
      timer_{loop.get_executor()},
      pause_{loop.get_executor()},
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
  return [core = core_](std::string_view reason) {
    if (core->options.on_exception) core->options.on_exception(reason, {});
  };
}

task<> loop_listener::accept_forever(std::shared_ptr<loop_listener> self) {
  bool pause = false;
  while (self->acceptor_.is_open()) {
    try {
      if (std::exchange(pause, false)) {
        self->pause_.expires_after(accept_pause);
        co_await self->pause_.async_wait(await);
        continue;
      }
      auto [error, socket] = co_await self->acceptor_.async_accept(await);
      if (!error) {
        self->serve(std::move(socket));
      } else {
        pause = self->note_failure(error);
      }
    } catch (const std::exception& error) {
      self->core_->report(error.what());
      pause = true;
    }
  }
}

// Out of descriptors or memory, the system refuses one accept after another: it is told of once,
// and then when it has been over for a while.
bool loop_listener::note_failure(const boost::system::error_code& error) {
  if (error == asio::error::operation_aborted || error == asio::error::connection_aborted) {
    return false;
  }
  if (core_->starved_at.exchange(std::max<std::int64_t>(1, steady_ms())) == 0) {
    core_->report("New connections wait: " + error.message() + ".");
  }
  return true;
}

void loop_listener::note_recovery() {
  std::int64_t since = core_->starved_at;
  if (since == 0 || coarse_now_ - since < recovery_time.count()) return;
  if (core_->starved_at.compare_exchange_strong(since, 0)) {
    core_->report("New connections are accepted again.");
  }
}

void loop_listener::turn_away(stream_socket socket) {
  core_->turned_away.fetch_add(1, std::memory_order_relaxed);
  boost::system::error_code error;
  socket.non_blocking(true, error);
  socket.write_some(asio::buffer(full_answer), error);
  socket.shutdown(stream_socket::shutdown_send, error);
}

void loop_listener::serve(stream_socket socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error) return;
  const std::size_t open = core_->open.load(std::memory_order_relaxed);
  if (open >= core_->options.bounds.connections) return turn_away(std::move(socket));
  auto place = core_->take_place(peer);
  if (!place) return turn_away(std::move(socket));
  auto each = std::make_unique<connection>(core_, shared_from_this(), std::move(socket), peer,
                                           std::move(*place));
  add(*each);
  if (open >= core_->most_open) core_->most_open = open + 1;
  runtime::spawn(loop_.get_executor(), connection::run(std::move(each)), error_hook());
}

void loop_listener::add(connection& each) {
  connections_->all.push_back(each);
}

void loop_listener::add(socket_registration& each) {
  connections_->sockets.push_back(each);
}

task<> loop_listener::sweep_forever(std::shared_ptr<loop_listener> self) {
  while (!self->stopped_) {
    try {
      self->timer_.expires_after(sweep_period);
      co_await self->timer_.async_wait(await);
      self->sweep();
    } catch (const std::exception& error) {
      self->core_->report(error.what());
    }
  }
}

void loop_listener::sweep() {
  coarse_now_ = steady_ms();
  for (connection& each : connections_->all) {
    try {
      each.expire_if_due(coarse_now_);
    } catch (const std::exception& error) {
      core_->report(error.what());
      each.close();
    }
  }
  note_recovery();
  return_memory();
  schedule_turns();
}

// The allocator keeps what many connections have used at once; the system gets it back when most of
// them are gone.
void loop_listener::return_memory() {
  const std::size_t open = core_->open;
  if (core_->most_open < open + crowd) return;
  std::int64_t before = core_->trimmed_at;
  if (coarse_now_ - before < trim_pause.count()) return;
  if (!core_->trimmed_at.compare_exchange_strong(before, coarse_now_)) return;
  core_->most_open = open;
  ::malloc_trim(0);
}

void loop_listener::wait_for_turn(asio::any_completion_handler<void()> handler) {
  turns_.push_back(std::move(handler));
  schedule_turns();
}

void loop_listener::schedule_turns() {
  if (turns_scheduled_ || turns_.empty()) return;
  asio::post(loop_, [self = shared_from_this()] { self->run_turns(); });
  turns_scheduled_ = true;
}

void loop_listener::run_turns() {
  turns_scheduled_ = false;
  for (std::size_t i = 0; i < turns_at_once && !turns_.empty(); ++i) {
    auto next = std::move(turns_.front());
    turns_.pop_front();
    std::move(next)();
  }
  schedule_turns();
}

void loop_listener::drain() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (connection& each : connections_->all) each.drain();
  // What a socket does then may end any of the others, so none but the first is looked at.
  decltype(connections_->sockets) untold;
  untold.swap(connections_->sockets);
  while (!untold.empty()) {
    socket_registration& each = untold.front();
    untold.pop_front();
    add(each);
    each.drain();
  }
}

void loop_listener::close_all() {
  for (connection& each : connections_->all) each.close();
}

void loop_listener::stop() {
  stopped_ = true;
  timer_.cancel();
  turns_.clear();  // ends the connections that wait, which hold this
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
