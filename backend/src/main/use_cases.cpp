#include "main/use_cases.hpp"

#include <algorithm>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cruddur {
namespace {

task<> sleep_for(std::chrono::milliseconds duration) {
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, duration};
  co_await timer.async_wait(boost::asio::use_awaitable);
}

expiry_sweeper::hooks sweeper_hooks(process& process) {
  return {.on_expired =
              [&process](std::chrono::milliseconds lag) {
                ++process.counts.expired;
                process.counts.expiry_lag_ms = lag.count();
                process.announcements.add(lag);
              },
          .on_fault =
              [&process](const fault& fault) {
                process.log.write(log_level::error, "expired posts can't be deleted now",
                                  {{"reason", fault.detail}});
              },
          // SQLite copies its log, while nobody writes. PostgreSQL's vacuum reads whole tables, and
          // leaves the bytes where they are.
          .purge_every = process.settings.uses_sqlite() ? std::chrono::milliseconds{1'500}
                                                        : std::chrono::minutes{10},
          .rest = sleep_for};
}

// The database's triggers say when a key has ended, by the machine's clock also where the server's
// was moved.
const system_clock machine_clock;

// Until then a write whose outcome is in doubt may still be under way somewhere.
constexpr std::chrono::seconds doubt_age{30};

key_destroyer::hooks destroyer_hooks(process& process, storage& storage) {
  sql::content_vault& vault = *storage.keys.vault;
  return {.unused = [&vault] { return vault.take_dropped(); },
          .doubtful = [&vault] { return vault.take_doubtful(doubt_age); },
          .doubt_again = [&vault](const std::vector<key_slot>& slots) { vault.doubt(slots); },
          .on_destroyed =
              [&process](std::span<const std::chrono::milliseconds> lags) {
                process.counts.destroyed_keys += lags.size();
                process.counts.key_lag_ms = std::ranges::max(lags).count();
                for (const auto each : lags) process.key_ends.add(each);
              },
          .on_fault =
              [&process](const fault& fault) {
                process.log.write(log_level::error, "keys of ended contents can't be destroyed now",
                                  {{"reason", fault.detail}});
              }};
}

}  // namespace

task<result<>> use_cases::remove_person(uuid account_id, time_point now) {
  const auto id = co_await profiles->find_id(account_id);
  if (!id) co_return std::unexpected(id.error());
  if (!*id) co_return result<>{};
  auto removed = co_await writer->remove_author(**id, now);
  if (removed) viewers->forget(account_id);
  co_return removed;
}

use_cases make_use_cases(process& process, storage& storage) {
  use_cases out;
  out.feed_format = std::make_unique<api::feed_json>();
  out.feed = std::make_unique<feed>(home_of(*storage.timelines), *out.feed_format,
                                    *storage.activities, *storage.reactions, feed::bounds{});
  std::vector<activity_observer*> observers{out.feed.get()};
  if (storage.notifier) {
    out.peers = std::make_unique<realtime::peers>(*storage.notifier);
    out.feed_sync = std::make_unique<realtime::feed_sync>(
        *out.peers, *out.feed, *process.clock, process.loops.executors().front(),
        process.error_log("a post that changed elsewhere can't be read"));
    observers.push_back(out.feed_sync.get());
  }
  out.observers = std::make_unique<activity_observers>(std::move(observers));
  out.sweeper = std::make_unique<expiry_sweeper>(*storage.retention, *out.observers, *process.clock,
                                                 sweeper_hooks(process));
  out.key_destroyer = std::make_unique<key_destroyer>(
      *storage.keys.store, *storage.keys.ended, machine_clock, destroyer_hooks(process, storage));
  out.writer =
      std::make_unique<activity_writer>(*storage.activities, *storage.profiles, *out.observers);
  out.likes = std::make_unique<likes>(*storage.activities, *storage.reactions, *out.observers);
  out.budgets = std::make_unique<write_budgets>(process.settings.writing);
  out.viewers = std::make_unique<profile_ids>(*storage.profiles);
  out.profiles = storage.profiles;
  return out;
}

}  // namespace cruddur
