#include <future>
#include <mutex>
#include <set>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/postgres/postgres_database.hpp"
#include "adapters/postgres/session.hpp"
#include "base/random.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::postgres {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using wait_type = asio::posix::stream_descriptor::wait_type;

constexpr milliseconds gather_time{3};
constexpr milliseconds answer_limit{5000};
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{5000};
constexpr std::size_t most_pending = 4096;   // messages that wait for a connection
constexpr std::size_t most_in_notify = 120;  // at 60 bytes below NOTIFY's limit of 8,000

// Lives on one loop, except for what the mutex guards.
class bell : public std::enable_shared_from_this<bell> {
 public:
  bell(std::string url, asio::any_io_executor loop,
       std::function<void(const std::string&)> on_error)
      : url_{std::move(url)},
        loop_{std::move(loop)},
        on_error_{std::move(on_error)},
        pause_{loop_} {}

  const asio::any_io_executor& loop() const { return loop_; }

  void listen(sql::doorbell::listener to) {
    to_ = std::move(to);
    runtime::spawn(loop_, run(shared_from_this()), [hook = on_error_](std::string_view reason) {
      if (hook) hook("Notifications from PostgreSQL ended (" + std::string{reason} + ").");
    });
  }

  void ring(std::string message) {
    const std::lock_guard lock{mutex_};
    if (closing_ || pending_.size() >= most_pending) return;
    pending_.insert(std::move(message));
    if (std::exchange(wake_planned_, true)) return;
    asio::post(loop_, [self = shared_from_this()] { self->wake(); });
  }

  void close(std::function<void()> closed) {
    asio::post(loop_, [self = shared_from_this(), closed = std::move(closed)]() mutable {
      self->on_closed_ = std::move(closed);
      {
        const std::lock_guard lock{self->mutex_};
        self->closing_ = true;
      }
      self->pause_.cancel();
      if (self->session_) self->session_->cancel();
      if (!self->running_) self->on_closed_();
    });
  }

 private:
  bool closing() {
    const std::lock_guard lock{mutex_};
    return closing_;
  }

  // Ends the wait for notifications, so that run() sends what is pending.
  void wake() {
    if (session_ && listening_) session_->cancel();
  }

  task<> rest(milliseconds time) {
    boost::system::error_code cancelled;
    pause_.expires_after(time);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }

  task<> run(std::shared_ptr<bell> self) {
    running_ = true;
    milliseconds pause = first_pause;
    bool reported = false;
    while (!closing()) {
      std::string reason;
      // Whatever is thrown on the way, by a listener too, costs this connection only.
      try {
        auto made = co_await session::connect(url_, answer_limit);
        if (made) {
          session_ = std::move(*made);
          reason = co_await serve(&pause, &reported);
        } else {
          reason = std::move(made.error());
        }
      } catch (...) {
        reason = runtime::reason_of(std::current_exception());
      }
      end_session();
      if (closing()) break;
      if (!std::exchange(reported, true)) {
        tell("Notifications from PostgreSQL stopped (" + reason + "); trying again.");
      }
      const auto half = static_cast<std::uint64_t>(pause.count() / 2);
      co_await rest(milliseconds{half + random_below(half + 1)});
      pause = std::min(pause * 2, longest_pause);
    }
    running_ = false;
    if (on_closed_) on_closed_();
  }

  // Listens and rings until the connection is lost; gives the reason.
  task<std::string> serve(milliseconds* pause, bool* reported) {
    auto ready = co_await session_->execute("LISTEN cruddur", soon());
    if (!ready) co_return std::move(ready.error());
    *pause = first_pause;
    if (std::exchange(*reported, false)) tell("Notifications from PostgreSQL arrive again.");
    connected_ = true;
    if (to_.on_connect) to_.on_connect();
    std::string reason;
    while (reason.empty() && !closing()) {
      reason = co_await ring_pending();
      if (!reason.empty() || closing()) break;
      if (!has_pending()) {
        listening_ = true;
        // Woken by a notification, by wake() or by a loss, which PQconsumeInput tells.
        static_cast<void>(co_await session_->wait(wait_type::wait_read));
        listening_ = false;
      }
      if (!PQconsumeInput(session_->handle())) reason = last_error(session_->handle());
      hear();
    }
    co_return reason;
  }

  void end_session() {
    listening_ = false;
    session_.reset();
    if (!std::exchange(connected_, false) || !to_.on_disconnect) return;
    try {
      to_.on_disconnect();
    } catch (...) {
      tell("A loss of notifications can't be handled (" +
           runtime::reason_of(std::current_exception()) + ").");
    }
  }

  // To the log, which may fail: listening goes on.
  void tell(const std::string& sentence) noexcept {
    try {
      if (on_error_) on_error_(sentence);
    } catch (...) {
      return;
    }
  }

  static session::deadline soon() { return std::chrono::steady_clock::now() + answer_limit; }

  bool has_pending() {
    const std::lock_guard lock{mutex_};
    return !pending_.empty();
  }

  // The next messages, joined by commas; empty when there are none.
  std::string take_pending() {
    const std::lock_guard lock{mutex_};
    std::string out;
    for (std::size_t i = 0; i < most_in_notify && !pending_.empty(); ++i) {
      if (!out.empty()) out += ',';
      out += pending_.extract(pending_.begin()).value();
    }
    wake_planned_ = !pending_.empty();
    return out;
  }

  task<std::string> ring_pending() {
    if (!has_pending()) co_return std::string{};
    co_await rest(gather_time);
    const std::string messages = take_pending();
    const std::unique_ptr<char, decltype(&PQfreemem)> literal{
        PQescapeLiteral(session_->handle(), messages.data(), messages.size()), &PQfreemem};
    std::string command = "SELECT pg_notify('cruddur', ";
    command += literal.get();
    command += ")";
    auto sent = co_await session_->execute(std::move(command), soon());
    hear();
    co_return sent ? std::string{} : std::move(sent.error());
  }

  void hear() {
    struct free_notification {
      void operator()(PGnotify* each) const { PQfreemem(each); }
    };
    const int self = PQbackendPID(session_->handle());
    while (true) {
      const std::unique_ptr<PGnotify, free_notification> heard{PQnotifies(session_->handle())};
      if (!heard) return;
      if (heard->be_pid == self || !to_.on_ring) continue;
      const std::string_view messages = heard->extra;
      for (std::size_t start = 0; start <= messages.size();) {
        const auto end = std::min(messages.find(',', start), messages.size());
        to_.on_ring(messages.substr(start, end - start));
        start = end + 1;
      }
    }
  }

  const std::string url_;
  const asio::any_io_executor loop_;
  const std::function<void(const std::string&)> on_error_;
  sql::doorbell::listener to_;
  std::unique_ptr<session> session_;
  asio::steady_timer pause_;
  std::function<void()> on_closed_;
  bool running_ = false;
  bool listening_ = false;  // waits for notifications
  bool connected_ = false;  // the listener was told so

  std::mutex mutex_;
  std::set<std::string> pending_;
  bool wake_planned_ = false;
  bool closing_ = false;
};

class postgres_doorbell final : public sql::doorbell {
 public:
  explicit postgres_doorbell(std::shared_ptr<bell> inner) : bell_{std::move(inner)} {}
  ~postgres_doorbell() override { close(); }

  void listen(listener to) override { bell_->listen(std::move(to)); }
  void ring(std::string message) override { bell_->ring(std::move(message)); }

  void close() override {
    if (std::exchange(closed_, true)) return;
    const auto* context = bell_->loop().target<asio::io_context::executor_type>();
    if (context && context->context().stopped()) return;
    auto done = std::make_shared<std::promise<void>>();
    auto future = done->get_future();
    bell_->close([done] { done->set_value(); });
    future.wait_for(std::chrono::seconds{10});
  }

 private:
  const std::shared_ptr<bell> bell_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<sql::doorbell> open_doorbell(std::string url, asio::any_io_executor loop,
                                             std::function<void(const std::string&)> on_error) {
  return std::make_unique<postgres_doorbell>(
      std::make_shared<bell>(std::move(url), std::move(loop), std::move(on_error)));
}

}  // namespace cruddur::postgres
