#include "main/jobs.hpp"

#include "adapters/sql/content_key_store.hpp"
#include "main/key_holder.hpp"

namespace cruddur {
namespace {

using std::chrono::milliseconds;

// At least once a second, whatever was said of the next expiry: clocks drift and authors delete. A
// sweep that finds nothing costs one look into an index.
constexpr milliseconds longest_sweep_pause{1'000};
constexpr milliseconds pause_after_failed_sweep{5'000};
constexpr milliseconds key_pause{500};
constexpr milliseconds index_pause{10'000};
constexpr milliseconds movable_index_pause{1'000};  // where time may pass at once
constexpr std::size_t ready_keys = 512;
constexpr milliseconds feed_pause{250};
constexpr milliseconds shared_feed_age{30'000};  // until a feed that others change is read anew
constexpr milliseconds revocations_pause{700};
// A sweep that finds nothing costs ten looks into indexes.
constexpr std::chrono::seconds pool_sweep_pause{5};

runtime::scheduler::job sweep_job(expiry_sweeper& sweeper) {
  return [&sweeper]() -> task<milliseconds> {
    if (!co_await sweeper.sweep()) co_return pause_after_failed_sweep;
    co_return co_await sweeper.time_to_next(longest_sweep_pause);
  };
}

runtime::scheduler::job key_job(key_destroyer& destroyer, keys& keys) {
  return [&destroyer, &keys]() -> task<milliseconds> {
    const bool destroyed = co_await destroyer.run();
    keys.vault->drop_old_profiles();
    const auto counted = co_await keys.vault->count_lost(*keys.ended);
    co_return destroyed&& counted ? key_pause : pause_after_failed_sweep;
  };
}

// So that a post seldom waits for the key file to grow, nor fails because it can't.
task<bool> prepare(keys& keys) {
  for (const key_term term : {key_term::hours, key_term::days}) {
    if (keys.file->ready(term) >= ready_keys) continue;
    const auto prepared = co_await keys.pool->run(
        [&file = *keys.file, term] { return file.prepare(ready_keys, term); });
    if (!prepared || !*prepared) co_return false;
  }
  co_return true;
}

// Also records how far the key file or the key database has come, so that an older copy of it is
// known as one.
runtime::scheduler::job key_store_job(keys& keys, process& process, sql::database& database) {
  return [&keys, &process, &database, recorded = std::uint64_t{0}]() mutable -> task<milliseconds> {
    if (keys.table) {
      auto settled = co_await keys.table->settle(*keys.ended);
      if (settled) settled = co_await keys.table->rewrite();
      if (settled && process.key_database) {
        const auto store = co_await sql::read_key_database(*process.key_database);
        settled = store ? co_await sql::record_key_store(database, *store)
                        : std::unexpected(store.error());
      }
      co_return settled ? milliseconds{std::chrono::minutes{1}} : pause_after_failed_sweep;
    }
    if (keys.lease && !keys.lease->is_good()) co_return pause_after_failed_sweep;
    if (!co_await prepare(keys)) co_return pause_after_failed_sweep;
    const key_file::identity self = keys.file->self();
    if (self.generation != recorded) {
      if (!co_await sql::record_key_store(database, {self.id, self.generation})) {
        co_return pause_after_failed_sweep;
      }
      recorded = self.generation;
    }
    co_return std::chrono::seconds{10};
  };
}

// Other servers may renew the key of the index of names: one that was announced is known here long
// before it is used.
runtime::scheduler::job index_job(storage& storage, process& process) {
  return [&renewal = *storage.index_renewal, &process,
          failing = false]() mutable -> task<milliseconds> {
    const auto done = co_await renewal.run(process.clock->now());
    const bool failed_before = std::exchange(failing, !done);
    if (!done && !failed_before) {
      process.log.write(log_level::error, "the index of names can't be renewed now",
                        {{"reason", done.error().detail}});
    }
    co_return process.settings.clock_movable ? movable_index_pause : index_pause;
  };
}

// Loads the feed whenever it holds too little. Where peers change posts too, it is loaded only
// while they are heard, and anew from time to time.
runtime::scheduler::job feed_job(use_cases& use_cases, const clock& clock) {
  return [&feed = *use_cases.feed, peers = use_cases.peers.get(), &clock,
          loaded_at = time_point{}]() mutable -> task<milliseconds> {
    const time_point now = clock.now();
    const bool hears_all = peers == nullptr || peers->is_connected();
    const bool is_old = peers != nullptr && now - loaded_at >= shared_feed_age;
    if (hears_all && (is_old || feed.wants_load())) {
      if (co_await feed.load(now)) loaded_at = now;
    }
    co_return feed_pause;
  };
}

}  // namespace

void add_jobs(runtime::scheduler& scheduler, process& process, storage& storage,
              use_cases& use_cases, identity& identity) {
  scheduler.add("expiry sweep", milliseconds{0}, sweep_job(*use_cases.sweeper));
  scheduler.add("key destruction", milliseconds{0},
                key_job(*use_cases.key_destroyer, storage.keys));
  scheduler.add("key store", milliseconds{0},
                key_store_job(storage.keys, process, *storage.database));
  scheduler.add("index of names", milliseconds{0}, index_job(storage, process));
  if (storage.keys.lease) {
    scheduler.add("key lease", sql::key_lease::renewal,
                  renewal_job(*storage.keys.lease, [&log = process.log] {
                    log.write(
                        log_level::error,
                        "another server has taken over the keys of this database: nothing can "
                        "be written here any more; stop this one");
                  }));
  }
  scheduler.add("home feed", milliseconds{0}, feed_job(use_cases, *process.clock));
  if (!identity.pool) return;
  scheduler.add_periodic("user pool sweep", pool_sweep_pause,
                         [&pool = *identity.pool, outbox = identity.outbox]() -> task<> {
                           if (outbox) outbox->forget_old();
                           co_await pool.sweep();
                         });
  if (!use_cases.peers) return;
  scheduler.add_periodic("revoked sessions", revocations_pause,
                         [&sessions = *identity.sessions] { return sessions.poll(); });
}

}  // namespace cruddur
