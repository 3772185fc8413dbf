#include "adapters/tokens/key_source.hpp"

#include <mutex>
#include <optional>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "runtime/spawn.hpp"

namespace cruddur::tokens {
namespace {

namespace asio = boost::asio;
using found_key = result<std::shared_ptr<const public_key>>;

class given_source : public key_source {
 public:
  explicit given_source(key_set keys) : keys_{std::move(keys)} {}

  task<found_key> find(std::string key_id, time_point) override {
    const auto found = keys_.find(key_id);
    co_return found == keys_.end() ? nullptr : found->second;
  }

 private:
  key_set keys_;
};

// Everything that a fetch and those who wait for it share; outlives the source while a fetch is
// under way.
struct fetch_state {
  std::string url;
  fetcher fetch;
  fetch_rules rules;

  fetch_hooks hooks;
  bool failing = false;  // of the fetch under way alone

  void failed(std::string_view reason) {
    failing = true;
    if (hooks.on_failure) hooks.on_failure(reason);
  }
  void succeeded() {
    if (std::exchange(failing, false) && hooks.on_recovery) hooks.on_recovery();
  }

  std::mutex mutex;
  std::shared_ptr<const key_set> keys;  // null until the first good fetch
  std::optional<time_point> tried_at;
  bool under_way = false;
  std::vector<std::move_only_function<void()>> waiting;  // each resumes one caller on its own loop

  void finish(std::optional<key_set> got) {
    std::vector<std::move_only_function<void()>> to_resume;
    {
      const std::lock_guard lock{mutex};
      if (got) keys = std::make_shared<const key_set>(std::move(*got));
      under_way = false;
      to_resume.swap(waiting);
    }
    for (auto& resume : to_resume) resume();
  }
};
using state_ptr = std::shared_ptr<fetch_state>;

// Ends the fetch however its coroutine ends: a server that stops destroys it half-way.
struct fetch_end {
  state_ptr state;
  std::optional<key_set> got;

  explicit fetch_end(state_ptr fetch) : state{std::move(fetch)} {}
  ~fetch_end() { state->finish(std::move(got)); }
  fetch_end(const fetch_end&) = delete;
  fetch_end& operator=(const fetch_end&) = delete;
};

task<> run_fetch(state_ptr state) {
  fetch_end end{state};
  // After a failure of any kind the next fetch comes after the pause.
  try {
    const auto body = co_await state->fetch(state->url);
    if (!body) {
      state->failed(body.error().detail);
    } else if (auto keys = parse_key_set(*body)) {
      end.got = std::move(*keys);
      state->succeeded();
    } else {
      state->failed("the answer is no key set");
    }
  } catch (...) {
    state->failed(runtime::reason_of(std::current_exception()));
  }
}

// Resumes when the fetch under way has ended, at once when there is none.
task<> wait_for_fetch(state_ptr state) {
  const auto loop = co_await asio::this_coro::executor;
  auto start = [state, loop](auto handler) {
    auto resume = [loop, guard = asio::make_work_guard(loop),
                   handler = std::make_shared<decltype(handler)>(std::move(handler))]() mutable {
      asio::post(loop, [handler] { std::move (*handler)(); });
    };
    {
      const std::lock_guard lock{state->mutex};
      if (state->under_way) {
        state->waiting.emplace_back(std::move(resume));
        return;
      }
    }
    resume();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start),
                                                                       asio::use_awaitable);
}

class fetched_source : public key_source {
 public:
  explicit fetched_source(state_ptr state) : state_{std::move(state)} {}

  task<found_key> find(std::string key_id, time_point now) override {
    const state_ptr state = state_;
    if (auto key = look(*state, key_id)) {
      if (begin_fetch(*state, now, state->rules.fresh)) co_await start(state);
      co_return key;
    }
    if (begin_fetch(*state, now, state->rules.pause)) co_await start(state);
    co_await wait_for_fetch(state);
    if (auto key = look(*state, key_id)) co_return key;
    const std::lock_guard lock{state->mutex};
    if (state->keys) co_return nullptr;
    co_return fail(fault_kind::unavailable, "issuer_unavailable",
                   "The identity provider's keys can't be fetched at the moment.");
  }

 private:
  static std::shared_ptr<const public_key> look(fetch_state& state, const std::string& key_id) {
    const std::lock_guard lock{state.mutex};
    if (!state.keys) return nullptr;
    const auto found = state.keys->find(key_id);
    return found == state.keys->end() ? nullptr : found->second;
  }

  // Claims the fetch when none is under way and the last one began `age` ago. A clock that went
  // back counts as old.
  static bool begin_fetch(fetch_state& state, time_point now, std::chrono::seconds age) {
    const std::lock_guard lock{state.mutex};
    if (state.under_way) return false;
    if (state.tried_at && now >= *state.tried_at && now - *state.tried_at < age) return false;
    state.under_way = true;
    state.tried_at = now;
    return true;
  }

  static task<> start(state_ptr state) {
    const auto loop = co_await asio::this_coro::executor;
    const auto on_error = [state](std::string_view reason) { state->failed(reason); };
    runtime::spawn(loop, run_fetch(state), on_error);
  }

  state_ptr state_;
};

}  // namespace

std::shared_ptr<key_source> given_keys(key_set keys) {
  return std::make_shared<given_source>(std::move(keys));
}

std::shared_ptr<key_source> fetched_keys(std::string url, fetcher fetch, fetch_rules rules,
                                         fetch_hooks hooks) {
  auto state = std::make_shared<fetch_state>();
  state->url = std::move(url);
  state->fetch = std::move(fetch);
  state->rules = rules;
  state->hooks = std::move(hooks);
  return std::make_shared<fetched_source>(std::move(state));
}

}  // namespace cruddur::tokens
