#include "main/application.hpp"

#include "main/background.hpp"
#include "main/parts.hpp"
#include "main/seed.hpp"

namespace cruddur {

result<> application::parts::seed() {
  if (settings.production) return unusable("The demonstration community is for development only.");
  if (!pool) return unusable("Only the local user pool can be seeded.");
  const auto someone = wait_for(loops, profiles->any());
  if (!someone) return std::unexpected(someone.error());
  if (*someone)
    return fail(fault_kind::conflict, "not_empty", "There are people in this database already.");
  auto seeded = wait_for(loops, seed_community(*pool, *posts, *like, time->now()));
  if (!seeded) return seeded;
  log.write(log_level::info, "seeded a small community; sign in with",
            {{"email", demo_email}, {"password", demo_password}});
  return {};
}

result<> application::parts::seed_if_empty() {
  if (settings.production || !settings.seed || !pool) return {};
  const auto someone = wait_for(loops, profiles->any());
  if (!someone) return std::unexpected(someone.error());
  if (*someone) return {};
  return seed();
}

void application::parts::every(std::chrono::milliseconds period, std::function<task<>()> work) {
  timers.push_back(std::make_unique<runtime::repeating_timer>(
      loops.executors().front(), period, std::move(work), [this](std::string_view what) {
        log.write(log_level::error, "background work failed", {{"error", what}});
      }));
}

void application::parts::start_background() {
  run_sweeper(loops.loop(0), *sweeper, log);
  run_feed_loader(loops.loop(0), *home, *time,
                  others ? [this] { return others->listening(); } : std::function<bool()>{}, log);
  if (pool) every(std::chrono::minutes{5}, [this] { return pool->sweep(); });
  if (pool && others) {
    every(std::chrono::milliseconds{700}, [this] { return session_monitor->poll(); });
  }
}

result<> application::parts::prepare() {
  for (const auto step : {&parts::open_storage, &parts::make_use_cases, &parts::make_identity}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  if (others) others->listen();
  return {};
}

application::application(std::unique_ptr<parts> of) : parts_{std::move(of)} {}

application::~application() {
  stop();
}

result<std::unique_ptr<application>> application::start(const config::settings& from, logger& log) {
  std::unique_ptr<application> out{new application{std::make_unique<parts>(from, log)}};
  parts& all = *out->parts_;
  if (auto done = all.prepare(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = all.seed_if_empty(); !done) return std::unexpected(std::move(done.error()));
  if (!all.others) {
    auto loaded = wait_for(all.loops, all.home->load(all.time->now()));
    if (!loaded) return std::unexpected(std::move(loaded.error()));
  }
  if (auto done = all.serve(); !done) return std::unexpected(std::move(done.error()));
  all.start_background();
  return out;
}

result<> application::seed(const config::settings& from, logger& log) {
  application made{std::make_unique<parts>(from, log)};
  if (auto done = made.parts_->prepare(); !done) return done;
  return made.parts_->seed();
}

std::uint16_t application::port() const {
  return parts_->server->port();
}

void application::stop() {
  if (parts_->stopping.exchange(true)) return;
  if (parts_->server) parts_->server->shutdown(parts_->settings.shutdown_deadline);
  if (parts_->metrics_server) parts_->metrics_server->shutdown(std::chrono::milliseconds{0});
  parts_->timers.clear();
  if (parts_->doorbell) parts_->doorbell->close();
  for (const auto& pool : {parts_->password_pool, parts_->mail_pool}) {
    if (pool) pool->close();
  }
  if (parts_->database) parts_->database->end_writes();
  parts_->loops.stop();
  if (parts_->database) parts_->database->close();
  parts_->loops.drop_pending();
}

}  // namespace cruddur
