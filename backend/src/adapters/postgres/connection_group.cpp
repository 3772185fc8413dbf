#include "adapters/postgres/connection_group.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/random.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::postgres {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds connect_limit{5000};
constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{5000};
constexpr milliseconds drain_limit{2000};

// The pause before a request is sent again, for each attempt that it has had.
constexpr milliseconds retry_pause{20};

// A connection that lasted this long is connected again with the first pause.
constexpr milliseconds healthy_after{1000};

// On one connection: single reads, and batches of writes.
constexpr std::size_t reads_in_flight = 64;
constexpr std::size_t writes_in_flight = 2;

constexpr std::size_t largest_write_batch = 64;

task<> sleep(asio::steady_timer* timer, milliseconds time) {
  boost::system::error_code cancelled;
  timer->expires_after(time);
  co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

// Half of the pause, and a random part of the other half, so that processes don't all come back at
// the same moment.
milliseconds jittered(milliseconds pause) {
  const auto half = static_cast<std::uint64_t>(pause.count() / 2);
  return milliseconds{half + random_below(half + 1)};
}

}  // namespace

connection_group::connection_group(std::shared_ptr<common_state> common, asio::any_io_executor loop)
    : common_{std::move(common)}, loop_{std::move(loop)} {}

void connection_group::start(int connections) {
  const int writers = connections / 2;
  for (int i = 0; i < connections; ++i) {
    const auto kind = i < writers ? request_kind::write : request_kind::read;
    connections_.push_back(std::make_unique<connection>(
        kind, nullptr, std::make_unique<asio::steady_timer>(loop_), first_pause));
  }
  running_ = connections;
  for (auto& each : connections_) {
    runtime::spawn(
        loop_, keep_connected(shared_from_this(), each.get()),
        [common = common_](std::string_view reason) { common->report_exception(reason); });
  }
}

void connection_group::handle_change() {
  asio::post(loop_, [self = shared_from_this()] {
    if (self->common_->is_away()) {
      self->refuse_waiting();
    } else {
      self->pump();
    }
  });
}

void connection_group::submit(request_ptr next) {
  asio::dispatch(loop_, [self = shared_from_this(), next = std::move(next)]() mutable {
    if (self->is_closing_ || self->common_->is_away()) {
      self->refuse(std::move(next), sql::driver_fault::unreachable);
      return;
    }
    self->queue(next->kind).push_back(std::move(next));
    self->schedule_pump();
  });
}

// Sends what waits once per turn of the loop, so that the requests of one turn travel together.
void connection_group::schedule_pump() {
  if (std::exchange(pump_is_scheduled_, true)) return;
  asio::post(loop_, [self = shared_from_this()] {
    self->pump_is_scheduled_ = false;
    self->pump();
  });
}

void connection_group::pump() {
  pump(request_kind::read);
  pump(request_kind::write);
}

// The least busy open connection of the kind, else the least busy of the other kind; null when none
// is open.
pipeline* connection_group::best_pipeline(request_kind kind) const {
  pipeline* best = nullptr;
  bool fits = false;
  for (const auto& each : connections_) {
    if (!each->open) continue;
    const bool is_kind = each->kind == kind;
    const bool is_better = best == nullptr || (is_kind && !fits) ||
                           (is_kind == fits && each->open->load() < best->load());
    if (!is_better) continue;
    best = each->open.get();
    fits = is_kind;
  }
  return best;
}

void connection_group::pump(request_kind kind) {
  const bool is_read = kind == request_kind::read;
  auto& waiting = queue(kind);
  while (!waiting.empty()) {
    pipeline* best = best_pipeline(kind);
    if (!best) return hand_over(kind);
    if (best->load(kind) >= (is_read ? reads_in_flight : writes_in_flight)) return;
    std::vector<request_ptr> batch;
    while (!waiting.empty() && batch.size() < (is_read ? 1 : largest_write_batch)) {
      batch.push_back(std::move(waiting.front()));
      waiting.pop_front();
      ++under_way_;
    }
    best->send(std::move(batch));
  }
}

// Hands the waiting requests to a loop that has a connection. While no loop has one they stay here;
// handle_change() is called with the first that is opened.
void connection_group::hand_over(request_kind kind) {
  const auto other = common_->other_group(*this);
  if (!other) return;
  for (auto& each : std::exchange(queue(kind), {})) other->submit(std::move(each));
}

void connection_group::finish(request_ptr finished, sql::outcome outcome) {
  --common_->waiting;
  answer(std::move(finished), std::move(outcome));
}

void connection_group::refuse(request_ptr finished, sql::driver_fault reason,
                              std::string_view detail) {
  common_->report_refusal(reason, detail);
  finish(std::move(finished), {nullptr, sql::refused(reason)});
}

void connection_group::complete(request_ptr finished) {
  --under_way_;
  schedule_pump();
  if (finished->bug) {
    auto bug = std::move(finished->bug);
    finish(std::move(finished), {std::move(bug), {}});
    return;
  }
  if (!finished->error) {
    auto results = std::move(finished->results);
    finish(std::move(finished), {nullptr, std::move(results)});
    return;
  }
  auto error = std::move(*finished->error);
  const bool is_retried =
      error.action == error_action::try_again || error.action == error_action::prepare_again;
  if (is_retried && finished->attempts + 1 < request::most_attempts) {
    finished->restart();
    retry_later(std::move(finished));
  } else if (error.action == error_action::report_bug ||
             error.action == error_action::prepare_again) {
    auto bug = std::make_exception_ptr(std::logic_error(error.sentence));
    finish(std::move(finished), {std::move(bug), {}});
  } else {
    if (is_refusal(error.error.kind)) {
      refuse(std::move(finished), error.error.kind, error.sentence);
    } else {
      finish(std::move(finished), {nullptr, std::unexpected(std::move(error.error))});
    }
  }
}

// Sends the request again after a jittered pause, so that requests that got into each other's way
// don't meet again.
void connection_group::retry_later(request_ptr next) {
  const auto pause = jittered(retry_pause * next->attempts);
  auto timer = std::make_shared<asio::steady_timer>(loop_, pause);
  ++under_way_;
  timer->async_wait([self = shared_from_this(), timer,
                     next = std::move(next)](boost::system::error_code) mutable {
    --self->under_way_;
    self->submit(std::move(next));
  });
}

// After a loss: reads are sent once more; writes are refused, because nobody knows what became of
// them.
void connection_group::retry_or_refuse(std::vector<request_ptr> unfinished,
                                       sql::driver_fault reason) {
  for (auto& each : unfinished) {
    --under_way_;
    if (each->kind == request_kind::read && each->attempts == 0 && !is_closing_) {
      each->restart();
      reads_.push_back(std::move(each));
    } else {
      refuse(std::move(each), reason);
    }
  }
  schedule_pump();
}

void connection_group::refuse_waiting() {
  for (auto* waiting : {&reads_, &writes_}) {
    for (auto& each : *waiting) {
      refuse(std::move(each), sql::driver_fault::unreachable);
    }
    waiting->clear();
  }
}

// Opens the connection. Returns why it could not, or an empty text.
task<std::string> connection_group::connect(connection* owned) {
  auto made = co_await session::connect(common_->url, connect_limit);
  if (!made) co_return std::move(made.error());
  const auto limit = std::chrono::steady_clock::now() + connect_limit;
  auto ready = co_await (*made)->execute(session_settings, limit);
  if (!ready) co_return std::move(ready.error());
  owned->open = std::make_shared<pipeline>(
      std::move(*made), [this](request_ptr finished) { complete(std::move(finished)); });
  ++open_;
  common_->note_opened(std::exchange(owned->is_viable, true));
  co_return std::string{};
}

// Opens the connection again and again until the group closes. An exception on the way costs no
// more than the connection that met it.
task<> connection_group::keep_connected(std::shared_ptr<connection_group> self, connection* owned) {
  while (!is_closing_) {
    const auto attempt_started = std::chrono::steady_clock::now();
    try {
      co_await serve(self, owned);
    } catch (...) {
      common_->report_exception(runtime::reason_of(std::current_exception()));
    }
    if (const auto open = std::exchange(owned->open, nullptr)) {
      --open_;
      common_->note_closed();
      retry_or_refuse(open->take_unfinished(), open->loss());
    }
    const bool lasted = std::chrono::steady_clock::now() - attempt_started > healthy_after;
    if (lasted) owned->next_pause = first_pause;
    if (is_closing_) break;
    co_await sleep(owned->timer.get(), jittered(owned->next_pause));
    owned->next_pause = std::min(owned->next_pause * 2, longest_pause);
  }
  --running_;
}

// Connects, and carries requests until the connection is lost. The caller clears the pipeline,
// which is null when there was no connection.
task<> connection_group::serve(std::shared_ptr<connection_group> self, connection* owned) {
  const std::string refusal = co_await connect(owned);
  const auto open = owned->open;
  if (!open) {
    if (!is_closing_) common_->note_failed_attempt(std::exchange(owned->is_viable, false), refusal);
    co_return;
  }
  schedule_pump();
  common_->report_restored();
  const std::string reason = co_await open->receive();
  // A server that can't be written is in reach, and the refused writes report it.
  if (!is_closing_ && open->loss() != sql::driver_fault::read_only) common_->report_lost(reason);
}

void connection_group::close(std::function<void()> closed) {
  runtime::spawn(loop_, drain_and_close(shared_from_this(), std::move(closed)),
                 [common = common_](std::string_view reason) { common->report_exception(reason); });
}

task<> connection_group::drain_and_close(std::shared_ptr<connection_group> self,
                                         std::function<void()> closed) {
  asio::steady_timer timer{loop_};
  const auto limit = std::chrono::steady_clock::now() + drain_limit;
  const auto is_busy = [this] { return under_way_ > 0 || !reads_.empty() || !writes_.empty(); };
  while (is_busy() && !common_->is_away() && std::chrono::steady_clock::now() < limit) {
    co_await sleep(&timer, milliseconds{5});
  }
  is_closing_ = true;
  refuse_waiting();
  while (running_ > 0) {
    for (auto& each : connections_) {
      each->timer->cancel();
      if (each->open) each->open->cancel();
    }
    co_await sleep(&timer, milliseconds{5});
  }
  closed();
}

}  // namespace cruddur::postgres
