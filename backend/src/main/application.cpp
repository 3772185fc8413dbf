#include "main/application.hpp"

#include "main/identity.hpp"
#include "main/jobs.hpp"
#include "main/key_holder.hpp"
#include "main/overdue_ends.hpp"
#include "main/process.hpp"
#include "main/seed.hpp"
#include "main/storage.hpp"
#include "main/use_cases.hpp"
#include "main/web.hpp"

namespace cruddur {

// Each part is made of those before it. They are destroyed in reverse, after the loops have
// stopped.
struct application::parts {
  parts(config::settings settings, logger& log) : process{std::move(settings), log} {}

  cruddur::process process;
  cruddur::storage storage;
  cruddur::use_cases use_cases;
  cruddur::identity identity;
  std::unique_ptr<cruddur::web> web;
  std::unique_ptr<runtime::scheduler> jobs;

  result<> prepare();
  result<> end_overdue();
  result<bool> has_people();
  result<> seed();
  result<> seed_if_wanted();
  result<> load_feed();
  result<> serve();
};

// All that a seed or a server needs, and nothing on the wire.
result<> application::parts::prepare() {
  auto opened = open_storage(process);
  if (!opened) return std::unexpected(std::move(opened.error()));
  storage = std::move(*opened);
  use_cases = make_use_cases(process, storage);
  auto made = make_identity(process, storage, use_cases);
  if (!made) return std::unexpected(std::move(made.error()));
  identity = std::move(*made);
  if (use_cases.peers) use_cases.peers->start();
  return {};
}

// Before anybody can ask for what should be gone.
result<> application::parts::end_overdue() {
  carry_out_overdue_ends(process, use_cases, identity);
  return {};
}

result<bool> application::parts::has_people() {
  return process.wait_for(storage.profiles->any());
}

result<> application::parts::seed() {
  if (process.settings.production) {
    return start_fault("The demonstration community is for development only.");
  }
  if (!identity.pool) return start_fault("Only the local user pool can be seeded.");
  const auto full = has_people();
  if (!full) return std::unexpected(full.error());
  if (*full) {
    return fail(fault_kind::conflict, "not_empty", "There are people in this database already.");
  }
  auto seeded = process.wait_for(
      seed_community(*identity.pool, *use_cases.writer, *use_cases.likes, process.clock->now()));
  if (!seeded) return seeded;
  process.log.write(log_level::info, "seeded a small community; sign in with",
                    {{"email", demo_email}, {"password", demo_password}});
  return {};
}

result<> application::parts::seed_if_wanted() {
  if (process.settings.production || !process.settings.seed || !identity.pool) return {};
  const auto full = has_people();
  if (!full) return std::unexpected(full.error());
  return *full ? result<>{} : seed();
}

// With peers the feed is loaded by its job, once they are heard.
result<> application::parts::load_feed() {
  if (use_cases.peers) return {};
  return process.wait_for(use_cases.feed->load(process.clock->now()));
}

result<> application::parts::serve() {
  auto started = start_web(process, storage, use_cases, identity);
  if (!started) return std::unexpected(std::move(started.error()));
  web = std::move(*started);
  jobs = std::make_unique<runtime::scheduler>(
      process.loops.executors().front(), [&log = process.log](auto job, auto reason) {
        log.write(log_level::error, "background work failed", {{"job", job}, {"error", reason}});
      });
  add_jobs(*jobs, process, storage, use_cases, identity);
  return {};
}

application::application(std::unique_ptr<parts> made) : parts_{std::move(made)} {}

application::~application() {
  stop();
}

result<std::unique_ptr<application>> application::start(const config::settings& settings,
                                                        logger& log) {
  std::unique_ptr<application> out{new application{std::make_unique<parts>(settings, log)}};
  for (const auto step : {&parts::prepare, &parts::end_overdue, &parts::seed_if_wanted,
                          &parts::load_feed, &parts::serve}) {
    if (auto done = (*out->parts_.*step)(); !done) return std::unexpected(std::move(done.error()));
  }
  return out;
}

result<> application::seed(const config::settings& settings, logger& log) {
  application made{std::make_unique<parts>(settings, log)};
  if (auto done = made.parts_->prepare(); !done) return done;
  return made.parts_->seed();
}

std::uint16_t application::port() const {
  return parts_->web->server->port();
}

// Requests end before the writes that they wait for, and the writes before the loops, so that
// nobody posts to a loop that is being emptied.
void application::stop() {
  parts& all = *parts_;
  if (all.process.stopping.exchange(true)) return;
  if (all.web) {
    all.web->server->shutdown(all.process.settings.shutdown_deadline);
    if (all.web->metrics_server) all.web->metrics_server->shutdown(std::chrono::milliseconds{0});
  }
  if (all.jobs) all.jobs->stop();
  if (all.storage.keys.lease) release_lease(all.process, *all.storage.keys.lease);
  if (all.storage.notifier) all.storage.notifier->close();
  if (all.storage.keys.pool) all.storage.keys.pool->close();
  for (const auto& pool : {all.identity.password_pool, all.identity.mail_pool}) {
    if (pool) pool->close();
  }
  if (all.storage.database) {
    end_databases(all.process, *all.storage.database);
  } else {
    all.process.loops.stop();
  }
  all.process.loops.drop_pending();
}

}  // namespace cruddur
