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
constexpr milliseconds retry_pause{20};  // times the attempts so far
constexpr milliseconds healthy_after{1000};
constexpr milliseconds drain_limit{2000};
constexpr std::size_t reads_in_flight = 64;  // on one connection
constexpr std::size_t writes_in_flight = 2;  // batches on one connection
constexpr std::size_t largest_write_batch = 64;

task<> sleep(asio::steady_timer* timer, milliseconds time) {
  boost::system::error_code cancelled;
  timer->expires_after(time);
  co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

// Half of it is fixed and half is chance, so that processes don't come back all at once.
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
    lanes_.push_back(std::make_unique<lane>(
        kind, nullptr, std::make_unique<asio::steady_timer>(loop_), first_pause));
  }
  running_ = connections;
  for (auto& each : lanes_) {
    runtime::spawn(loop_, keep_connected(shared_from_this(), each.get()),
                   [common = common_](std::string_view reason) { common->broke(reason); });
  }
}

void connection_group::look_again() {
  asio::post(loop_, [self = shared_from_this()] {
    if (self->common_->is_away()) {
      self->fail_waiting();
    } else {
      self->pump();
    }
  });
}

void connection_group::enter(request_ptr next) {
  asio::dispatch(loop_, [self = shared_from_this(), next = std::move(next)]() mutable {
    if (self->closing_ || self->common_->is_away()) {
      self->refuse(std::move(next), sql::driver_fault::unreachable);
      return;
    }
    self->queue(next->kind).push_back(std::move(next));
    self->plan_pump();
  });
}

// Once per turn of the loop, so that requests of one turn travel together.
void connection_group::plan_pump() {
  if (std::exchange(pump_planned_, true)) return;
  asio::post(loop_, [self = shared_from_this()] {
    self->pump_planned_ = false;
    self->pump();
  });
}

void connection_group::pump() {
  pump(request_kind::read);
  pump(request_kind::write);
}

// The least busy one of the kind, else of the other; null when none is open.
pipeline* connection_group::best_for(request_kind kind) const {
  pipeline* best = nullptr;
  bool fits = false;
  for (const auto& each : lanes_) {
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
    pipeline* best = best_for(kind);
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

// Where no loop has a connection yet they wait here: look_again() comes with the first.
void connection_group::hand_over(request_kind kind) {
  const auto host = common_->host_for(*this);
  if (!host) return;
  for (auto& each : std::exchange(queue(kind), {})) host->enter(std::move(each));
}

void connection_group::finish(request_ptr finished, sql::outcome with) {
  --common_->waiting;
  answer(std::move(finished), std::move(with));
}

void connection_group::refuse(request_ptr finished, sql::driver_fault why,
                              std::string_view detail) {
  common_->refused(why, detail);
  finish(std::move(finished), {nullptr, sql::refused(why)});
}

void connection_group::done(request_ptr finished) {
  --under_way_;
  plan_pump();
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
  const bool again = error.means == verdict::try_again || error.means == verdict::prepare_again;
  if (again && finished->attempts + 1 < request::most_attempts) {
    finished->restart();
    retry_later(std::move(finished));
  } else if (error.means == verdict::bug || error.means == verdict::prepare_again) {
    auto text = error.sentence + ": " + finished->commands.front().text.postgres;
    finish(std::move(finished), {std::make_exception_ptr(std::logic_error(text)), {}});
  } else {
    if (is_refusal(error.what.kind)) {
      refuse(std::move(finished), error.what.kind, error.sentence);
    } else {
      finish(std::move(finished), {nullptr, std::unexpected(std::move(error.what))});
    }
  }
}

// After a pause by chance, so that those who got into each other's way don't meet again.
void connection_group::retry_later(request_ptr next) {
  const auto pause = jittered(retry_pause * next->attempts);
  auto timer = std::make_shared<asio::steady_timer>(loop_, pause);
  ++under_way_;
  timer->async_wait([self = shared_from_this(), timer,
                     next = std::move(next)](boost::system::error_code) mutable {
    --self->under_way_;
    self->enter(std::move(next));
  });
}

// A read may be sent once more; of a write nobody knows what became.
void connection_group::retry_or_fail(std::vector<request_ptr> unfinished, sql::driver_fault why) {
  for (auto& each : unfinished) {
    --under_way_;
    if (each->kind == request_kind::read && each->attempts == 0 && !closing_) {
      each->restart();
      reads_.push_back(std::move(each));
    } else {
      refuse(std::move(each), why);
    }
  }
  plan_pump();
}

void connection_group::fail_waiting() {
  for (auto* waiting : {&reads_, &writes_}) {
    for (auto& each : *waiting) {
      refuse(std::move(each), sql::driver_fault::unreachable);
    }
    waiting->clear();
  }
}

// Opens the lane, or gives the reason why not.
task<std::string> connection_group::connect(lane* own) {
  auto made = co_await session::connect(common_->url, connect_limit);
  if (!made) co_return std::move(made.error());
  const auto until = std::chrono::steady_clock::now() + connect_limit;
  auto ready = co_await (*made)->execute(session_settings, until);
  if (!ready) co_return std::move(ready.error());
  own->open = std::make_shared<pipeline>(
      std::move(*made), [this](request_ptr finished) { done(std::move(finished)); });
  ++open_;
  common_->opened(std::exchange(own->is_hopeful, true));
  co_return std::string{};
}

// Whatever is thrown on the way costs this connection, and nothing else: the lane goes on.
task<> connection_group::keep_connected(std::shared_ptr<connection_group> self, lane* own) {
  while (!closing_) {
    const auto since = std::chrono::steady_clock::now();
    try {
      co_await serve(self, own);
    } catch (...) {
      common_->broke(runtime::reason_of(std::current_exception()));
    }
    if (const auto open = std::exchange(own->open, nullptr)) {
      --open_;
      common_->closed();
      retry_or_fail(open->take_unfinished(), open->loss());
    }
    const bool lasted = std::chrono::steady_clock::now() - since > healthy_after;
    if (lasted) own->next_pause = first_pause;
    if (closing_) break;
    co_await sleep(own->pause.get(), jittered(own->next_pause));
    own->next_pause = std::min(own->next_pause * 2, longest_pause);
  }
  --running_;
}

// Connects, and carries requests until the connection is lost. Leaves the lane's pipeline for the
// caller to clear; none when there was no connection.
task<> connection_group::serve(std::shared_ptr<connection_group> self, lane* own) {
  const std::string refusal = co_await connect(own);
  const auto open = own->open;
  if (!open) {
    if (!closing_) common_->gave_up(std::exchange(own->is_hopeful, false), refusal);
    co_return;
  }
  plan_pump();
  common_->restored();
  const std::string reason = co_await open->receive();
  // That it can't be written is told with the work that it refuses.
  if (!closing_ && open->loss() != sql::driver_fault::read_only) common_->lost(reason);
}

void connection_group::close(std::function<void()> closed) {
  runtime::spawn(loop_, drain_and_close(shared_from_this(), std::move(closed)),
                 [common = common_](std::string_view reason) { common->broke(reason); });
}

task<> connection_group::drain_and_close(std::shared_ptr<connection_group> self,
                                         std::function<void()> closed) {
  asio::steady_timer timer{loop_};
  const auto until = std::chrono::steady_clock::now() + drain_limit;
  const auto busy = [this] { return under_way_ > 0 || !reads_.empty() || !writes_.empty(); };
  while (busy() && !common_->is_away() && std::chrono::steady_clock::now() < until) {
    co_await sleep(&timer, milliseconds{5});
  }
  closing_ = true;
  fail_waiting();
  while (running_ > 0) {
    for (auto& each : lanes_) {
      each->pause->cancel();
      if (each->open) each->open->cancel();
    }
    co_await sleep(&timer, milliseconds{5});
  }
  closed();
}

}  // namespace cruddur::postgres
