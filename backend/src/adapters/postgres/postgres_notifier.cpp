// Notifications between server processes, by LISTEN and NOTIFY on one connection.
//
// - A message is put into a set, so that equal ones become one, and the loop is woken. It gathers
//   messages for a few milliseconds and sends up to 120 of them as one NOTIFY, joined by commas.
// - The connection does one thing at a time: it waits for notifications, or sends. wake() ends the
//   wait, so that what is pending is sent.
// - PostgreSQL sends a notification to its own sender too; those are skipped.
// - While the connection is lost, messages of others are lost: the listener is told when it begins
//   and when it is over. Own messages wait, up to a bound.
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

// Messages that wait for a connection. Those beyond are dropped.
constexpr std::size_t most_pending = 4096;

// Messages of at most 60 bytes, so that a NOTIFY stays below its limit of 8,000 bytes.
constexpr std::size_t most_in_notify = 120;

// Used on one loop only, except for publish(), and the members that the mutex guards.
class bell : public std::enable_shared_from_this<bell> {
 public:
  bell(std::string url, asio::any_io_executor loop,
       std::function<void(const std::string&)> on_error)
      : url_{std::move(url)},
        loop_{std::move(loop)},
        on_error_{std::move(on_error)},
        pause_{loop_} {}

  const asio::any_io_executor& loop() const { return loop_; }

  void listen(notifier::listener listener) {
    listener_ = std::move(listener);
    runtime::spawn(loop_, run(shared_from_this()), [hook = on_error_](std::string_view reason) {
      if (hook) hook("Notifications from PostgreSQL ended (" + std::string{reason} + ").");
    });
  }

  void publish(std::string message) {
    const std::lock_guard lock{mutex_};
    if (is_closing_ || pending_.size() >= most_pending) return;
    pending_.insert(std::move(message));
    if (std::exchange(wake_is_planned_, true)) return;
    asio::post(loop_, [self = shared_from_this()] { self->wake(); });
  }

  void close(std::function<void()> closed) {
    asio::post(loop_, [self = shared_from_this(), closed = std::move(closed)]() mutable {
      self->on_closed_ = std::move(closed);
      {
        const std::lock_guard lock{self->mutex_};
        self->is_closing_ = true;
      }
      self->pause_.cancel();
      if (self->session_) self->session_->cancel();
      if (!self->is_running_) self->on_closed_();
    });
  }

 private:
  bool is_closing() {
    const std::lock_guard lock{mutex_};
    return is_closing_;
  }

  // Ends the wait for notifications, so that serve() sends what is pending.
  void wake() {
    if (session_ && is_waiting_) session_->cancel();
  }

  task<> sleep(milliseconds time) {
    boost::system::error_code cancelled;
    pause_.expires_after(time);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }

  task<> run(std::shared_ptr<bell> self) {
    is_running_ = true;
    milliseconds pause = first_pause;
    bool is_reported = false;
    while (!is_closing()) {
      std::string reason;
      // An exception on the way, even one of the listener, costs no more than this connection.
      try {
        auto made = co_await session::connect(url_, answer_limit);
        if (made) {
          session_ = std::move(*made);
          reason = co_await serve(&pause, &is_reported);
        } else {
          reason = std::move(made.error());
        }
      } catch (...) {
        reason = runtime::reason_of(std::current_exception());
      }
      end_session();
      if (is_closing()) break;
      if (!std::exchange(is_reported, true)) {
        report("Notifications from PostgreSQL stopped (" + reason + "); trying again.");
      }
      const auto half = static_cast<std::uint64_t>(pause.count() / 2);
      co_await sleep(milliseconds{half + random_below(half + 1)});
      pause = std::min(pause * 2, longest_pause);
    }
    is_running_ = false;
    if (on_closed_) on_closed_();
  }

  // Listens and sends until the connection is lost. Returns the reason.
  task<std::string> serve(milliseconds* pause, bool* is_reported) {
    auto ready = co_await session_->execute("LISTEN cruddur", answer_deadline());
    if (!ready) co_return std::move(ready.error());
    *pause = first_pause;
    if (std::exchange(*is_reported, false)) report("Notifications from PostgreSQL arrive again.");
    is_connected_ = true;
    if (listener_.on_connect) listener_.on_connect();
    std::string reason;
    while (reason.empty() && !is_closing()) {
      reason = co_await send_pending();
      if (!reason.empty() || is_closing()) break;
      if (!has_pending()) {
        is_waiting_ = true;
        // Ends with a notification, with wake(), or with a loss, which PQconsumeInput() then tells.
        static_cast<void>(co_await session_->wait(wait_type::wait_read));
        is_waiting_ = false;
      }
      if (!PQconsumeInput(session_->handle())) reason = last_error(session_->handle());
      read_notifications();
    }
    co_return reason;
  }

  void end_session() {
    is_waiting_ = false;
    session_.reset();
    if (!std::exchange(is_connected_, false) || !listener_.on_disconnect) return;
    try {
      listener_.on_disconnect();
    } catch (...) {
      report("A loss of notifications can't be handled (" +
             runtime::reason_of(std::current_exception()) + ").");
    }
  }

  // Tells the log. When the log fails, listening goes on without it.
  void report(const std::string& sentence) noexcept {
    try {
      if (on_error_) on_error_(sentence);
    } catch (...) {
      return;
    }
  }

  static session::deadline answer_deadline() {
    return std::chrono::steady_clock::now() + answer_limit;
  }

  bool has_pending() {
    const std::lock_guard lock{mutex_};
    return !pending_.empty();
  }

  // Takes the next messages, joined by commas; empty when there are none.
  std::string take_pending() {
    const std::lock_guard lock{mutex_};
    std::string out;
    for (std::size_t i = 0; i < most_in_notify && !pending_.empty(); ++i) {
      if (!out.empty()) out += ',';
      out += pending_.extract(pending_.begin()).value();
    }
    wake_is_planned_ = !pending_.empty();
    return out;
  }

  // Sends one NOTIFY with what is pending. Returns why it could not, or an empty text.
  task<std::string> send_pending() {
    if (!has_pending()) co_return std::string{};
    co_await sleep(gather_time);
    const std::string messages = take_pending();
    const std::unique_ptr<char, decltype(&PQfreemem)> literal{
        PQescapeLiteral(session_->handle(), messages.data(), messages.size()), &PQfreemem};
    std::string command = "SELECT pg_notify('cruddur', ";
    command += literal.get();
    command += ")";
    auto sent = co_await session_->execute(std::move(command), answer_deadline());
    read_notifications();
    co_return sent ? std::string{} : std::move(sent.error());
  }

  // Hands what has arrived from other processes to the listener.
  void read_notifications() {
    struct free_notification {
      void operator()(PGnotify* each) const { PQfreemem(each); }
    };
    const int own_process = PQbackendPID(session_->handle());
    while (true) {
      const std::unique_ptr<PGnotify, free_notification> heard{PQnotifies(session_->handle())};
      if (!heard) return;
      if (heard->be_pid == own_process || !listener_.on_message) continue;
      const std::string_view messages = heard->extra;
      for (std::size_t start = 0; start <= messages.size();) {
        const auto end = std::min(messages.find(',', start), messages.size());
        listener_.on_message(messages.substr(start, end - start));
        start = end + 1;
      }
    }
  }

  const std::string url_;
  const asio::any_io_executor loop_;
  const std::function<void(const std::string&)> on_error_;
  notifier::listener listener_;
  std::unique_ptr<session> session_;
  asio::steady_timer pause_;
  std::function<void()> on_closed_;
  bool is_running_ = false;
  // The connection waits for notifications.
  bool is_waiting_ = false;
  // The listener was told that the connection is open.
  bool is_connected_ = false;

  // The following are guarded by mutex_.

  std::mutex mutex_;
  std::set<std::string> pending_;
  bool wake_is_planned_ = false;
  bool is_closing_ = false;
};

class postgres_notifier final : public notifier {
 public:
  explicit postgres_notifier(std::shared_ptr<bell> shared) : bell_{std::move(shared)} {}
  ~postgres_notifier() override { close(); }

  void listen(listener added) override { bell_->listen(std::move(added)); }
  void publish(std::string message) override { bell_->publish(std::move(message)); }

  void close() override {
    if (std::exchange(is_closed_, true)) return;
    const auto* context = bell_->loop().target<asio::io_context::executor_type>();
    if (context && context->context().stopped()) return;
    auto closed = std::make_shared<std::promise<void>>();
    auto future = closed->get_future();
    bell_->close([closed] { closed->set_value(); });
    future.wait_for(std::chrono::seconds{10});
  }

 private:
  const std::shared_ptr<bell> bell_;
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<notifier> open_notifier(std::string url, asio::any_io_executor loop,
                                        std::function<void(const std::string&)> on_error) {
  return std::make_unique<postgres_notifier>(
      std::make_shared<bell>(std::move(url), std::move(loop), std::move(on_error)));
}

}  // namespace cruddur::postgres
