#include "main/compose.hpp"

#include <filesystem>
#include <functional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include "adapters/cognito/token_verifier.hpp"
#include "adapters/postgres/postgres_database.hpp"
#include "adapters/smtp/outbox.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "adapters/sql/account_store.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/session_store.hpp"
#include "adapters/sqlite/sqlite_database.hpp"
#include "adapters/user_pool/session_monitor.hpp"
#include "adapters/user_pool/user_pool.hpp"
#include "api/routes.hpp"
#include "api/system_routes.hpp"
#include "base/encoding.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "main/background.hpp"
#include "main/neighbours.hpp"
#include "main/pool_routes.hpp"
#include "main/seed.hpp"
#include "net/http_client.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/repeating_timer.hpp"
#include "telemetry/access_log.hpp"
#include "telemetry/metrics.hpp"

namespace cruddur {
namespace {

constexpr const char* local_pool_id = "local_Cruddur";

// Everything from the page's own origin, and nothing inline. `elsewhere`: origins that the client
// calls besides.
std::string content_security_policy(const std::string& elsewhere) {
  return fmt::format(
      "default-src 'self'; connect-src 'self'{}; img-src 'self' data: blob:; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      elsewhere.empty() ? "" : " " + elsewhere);
}

// Runs a task on an event loop and waits for it; for the main thread only.
template <class T>
T wait_for(runtime::event_loops& loops, task<T> work) {
  return boost::asio::co_spawn(loops.loop(0), std::move(work), boost::asio::use_future).get();
}

std::unexpected<fault> unusable(std::string sentence) {
  return fail(fault_kind::unavailable, "start_failed", std::move(sentence));
}

std::function<void(const std::string&)> to_log(logger& log) {
  return [&log](const std::string& sentence) { log.write(log_level::error, sentence); };
}

}  // namespace

result<std::unique_ptr<sql::database>> open_database(const config::settings& from,
                                                     runtime::event_loops& loops, logger& log,
                                                     std::function<void(std::size_t)> on_commit) {
  if (!from.uses_sqlite()) {
    return postgres::open_database({.url = from.database_url,
                                    .connections_per_loop = from.database_connections,
                                    .on_error = to_log(log)},
                                   loops.executors());
  }
  const std::filesystem::path path = from.database_url.substr(sizeof "sqlite:" - 1);
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    return unusable(fmt::format("The folder {} can't be made: {}.", path.parent_path().string(),
                                error.message()));
  }
  return sqlite::open_database(
      {.path = path, .on_error = to_log(log), .on_commit = std::move(on_commit)});
}

// In the order in which they are made; torn down in reverse, after the loops have stopped.
struct application::parts {
  parts(const config::settings& from, logger& to)
      : settings{from},
        log{to},
        loops{from.event_loops, [this](std::string_view what) {
                log.write(log_level::error, "an event loop caught an exception", {{"error", what}});
              }} {}

  config::settings settings;
  logger& log;
  struct {
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> expired{0};
    std::atomic<std::int64_t> expiry_lag_ms{0};
  } counted;
  telemetry::metrics metrics;
  std::atomic<bool> stopping{false};
  std::shared_ptr<movable_clock> time = std::make_shared<movable_clock>();
  runtime::event_loops loops;
  std::shared_ptr<runtime::blocking_pool> password_pool;
  std::shared_ptr<runtime::blocking_pool> mail_pool;

  std::unique_ptr<sql::database> database;
  std::unique_ptr<sql::doorbell> doorbell;
  std::unique_ptr<activity_store> activities;
  std::shared_ptr<profile_store> profiles;
  std::shared_ptr<session_store> sessions;

  std::shared_ptr<smtp::outbox> outbox;
  std::shared_ptr<user_pool::session_monitor> session_monitor;
  std::shared_ptr<token_verifier> tokens;
  std::unique_ptr<user_pool::user_pool> pool;

  std::unique_ptr<api::home_feed> home;
  std::unique_ptr<neighbours> others;
  std::unique_ptr<activity_observers> observers;
  std::unique_ptr<posting> posts;
  std::unique_ptr<likes> like;
  std::unique_ptr<expiry_sweeper> sweeper;
  std::vector<std::unique_ptr<runtime::repeating_timer>> timers;

  std::unique_ptr<api::services> services;
  api::system_services system;
  std::unique_ptr<http::static_files> files;
  std::unique_ptr<http::server> server;

  result<> open_storage();
  result<> make_use_cases();
  result<> make_identity();
  result<> make_local_pool();
  result<> prepare();
  result<> seed();
  result<> seed_if_empty();
  result<> serve();
  void add_metrics();
  void start_background();
  void every(std::chrono::milliseconds period, std::function<task<>()> work);
  result<std::shared_ptr<mailer>> make_mailer();
  std::string pool_secret_path() const { return settings.data_dir / "secrets" / "user_pool.key"; }
};

result<> application::parts::open_storage() {
  auto opened = open_database(settings, loops, log, [this](std::size_t units) {
    ++counted.commits;
    counted.writes += units;
  });
  if (!opened) return std::unexpected(std::move(opened.error()));
  database = std::move(*opened);

  const auto known = sql::migrations_for(database->kind());
  if (settings.uses_sqlite() || !settings.production) {
    const auto applied = sql::migrate_up(*database, known);
    if (!applied) return std::unexpected(applied.error());
    for (const std::string& name : *applied)
      log.write(log_level::info, "migrated", {{"migration", name}});
  } else {
    const auto pending = sql::migration_plan(*database, known);
    if (!pending) return std::unexpected(pending.error());
    if (!pending->empty()) {
      return unusable(fmt::format("The database lacks {}: run `cruddur migrate up` first.",
                                  fmt::join(*pending, ", ")));
    }
  }
  if (!settings.uses_sqlite()) {
    doorbell =
        postgres::open_doorbell(settings.database_url, loops.executors().front(), to_log(log));
  }
  activities = sql::create_activity_store(*database);
  profiles = sql::create_profile_store(*database);
  return {};
}

result<> application::parts::make_use_cases() {
  home = std::make_unique<api::home_feed>(*activities, api::home_feed::bounds{});
  std::vector<activity_observer*> hearing{home.get()};
  if (doorbell) {
    others = std::make_unique<neighbours>(*doorbell,
                                          neighbours::heard{*home, *time, loops.loop(0), [this] {
                                                              if (session_monitor)
                                                                session_monitor->suspect();
                                                            }});
    hearing.push_back(others.get());
  }
  observers = std::make_unique<activity_observers>(std::move(hearing));
  posts = std::make_unique<posting>(*activities, *observers);
  like = std::make_unique<likes>(*activities, *observers);
  sweeper = std::make_unique<expiry_sweeper>(
      *activities, *observers, *time,
      expiry_sweeper::hooks{[this](std::chrono::milliseconds lag) {
                              ++counted.expired;
                              counted.expiry_lag_ms = lag.count();
                            },
                            [this](const fault& what) {
                              log.write(log_level::error, "expired posts can't be deleted now",
                                        {{"reason", what.detail}});
                            }});
  observers->add(*sweeper);
  return {};
}

result<std::shared_ptr<mailer>> application::parts::make_mailer() {
  if (settings.smtp_url.empty()) {
    outbox = std::make_shared<smtp::outbox>(time);
    return outbox;
  }
  mail_pool = std::make_shared<runtime::blocking_pool>(1, 256);
  return smtp::create_smtp_mailer(
      {.url = settings.smtp_url, .from = settings.mail_from, .ca_file = {}}, *mail_pool, time);
}

result<> application::parts::make_identity() {
  if (settings.uses_local_pool()) return make_local_pool();
  const std::shared_ptr<net::http_client> client = net::make_http_client();
  const auto fetch = [client](std::string url) -> task<result<std::string>> {
    net::client_request request;
    request.url = std::move(url);
    auto answer = co_await client->fetch(std::move(request));
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status != 200) {
      co_return fail(fault_kind::unavailable, "issuer_unavailable", "The issuer gave no keys.");
    }
    co_return std::move(answer->body);
  };
  tokens = cognito::create_token_verifier(
      {.issuer = settings.identity_url, .client_id = settings.identity_client_id},
      cognito::fetched_keys(settings.identity_url + "/.well-known/jwks.json", fetch), nullptr);
  return {};
}

result<> application::parts::make_local_pool() {
  std::string secret;
  if (settings.user_pool_secret.empty()) {
    auto loaded = user_pool::load_or_create_secret(pool_secret_path());
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    secret = std::move(*loaded);
  } else {
    secret = from_base64(settings.user_pool_secret).value_or("");
    if (secret.size() != user_pool::secret_size) {
      return unusable("USER_POOL_SECRET must be base64 of 32 bytes.");
    }
  }
  password_pool = std::make_shared<runtime::blocking_pool>(settings.password_threads, 64);
  const auto keys = std::shared_ptr{sql::create_key_store(*database)};
  const auto key =
      wait_for(loops, user_pool::load_signing_key(*keys, secret, *password_pool, time->now()));
  if (!key) return std::unexpected(key.error());

  sessions = sql::create_session_store(*database);
  session_monitor = std::make_shared<user_pool::session_monitor>(sessions, time, [this] {
    if (others) others->sessions_revoked();
  });
  const std::string issuer = settings.backend_url + "/" + local_pool_id;
  auto public_keys = cognito::parse_key_set((*key)->jwks());
  if (!public_keys) return unusable("The signing key can't be read.");
  tokens =
      cognito::create_token_verifier({.issuer = issuer, .client_id = settings.identity_client_id},
                                     cognito::given_keys(std::move(*public_keys)), session_monitor);

  auto mail = make_mailer();
  if (!mail) return std::unexpected(std::move(mail.error()));

  user_pool::options options;
  options.pool_id = local_pool_id;
  options.client_id = settings.identity_client_id;
  options.issuer = issuer;
  options.secret = secret;
  options.token_lifetime = settings.access_token_lifetime;
  options.session_lifetime = settings.refresh_token_lifetime;
  options.on_error = [this](std::string_view sentence) { log.write(log_level::error, sentence); };
  options.on_delete = [this](uuid who) { return posts->remove_author(who, time->now()); };
  pool = std::make_unique<user_pool::user_pool>(
      std::move(options), user_pool::parts{.accounts = sql::create_account_store(*database),
                                           .sessions = sessions,
                                           .profiles = profiles,
                                           .mail = *mail,
                                           .verifier = tokens,
                                           .monitor = session_monitor,
                                           .key = *key,
                                           .heavy_work = *password_pool,
                                           .time = time});
  return {};
}

result<> application::parts::seed() {
  if (!pool) return unusable("Only the local user pool can be seeded.");
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

void application::parts::add_metrics() {
  metrics.add_counter("cruddur_database_commits_total",
                      "Transactions made durable, each by one fsync.",
                      [this] { return static_cast<double>(counted.commits.load()); });
  metrics.add_counter("cruddur_database_writes_total", "Writes that those transactions covered.",
                      [this] { return static_cast<double>(counted.writes.load()); });
  metrics.add_counter("cruddur_expired_posts_total", "Posts deleted because their time was over.",
                      [this] { return static_cast<double>(counted.expired.load()); });
  metrics.add_gauge("expiry_lag_seconds", "How long after its expiry the last post was deleted.",
                    [this] { return static_cast<double>(counted.expiry_lag_ms.load()) / 1e3; });
  metrics.add_gauge("cruddur_open_connections", "Connections open now.", [this] {
    return server ? static_cast<double>(server->open_connections()) : 0.0;
  });
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

result<> application::parts::serve() {
  services = std::make_unique<api::services>(
      api::services{*time, *tokens, *activities, *profiles, *posts, *like, *home});
  system.client = {.version = CRUDDUR_VERSION,
                   .production = settings.production,
                   .backend_url = settings.backend_url,
                   .user_pool_id = local_pool_id,
                   .user_pool_client_id = settings.identity_client_id,
                   .user_pool_endpoint = {}};
  std::string issuer_origin;
  if (!pool) {
    // https://cognito-idp.REGION.amazonaws.com/REGION_NAME
    const auto slash = settings.identity_url.rfind('/');
    issuer_origin = settings.identity_url.substr(0, slash);
    system.client.user_pool_id = settings.identity_url.substr(slash + 1);
    system.client.user_pool_endpoint = issuer_origin + "/";
  }
  system.checks = {
      {"database", [this]() -> task<bool> { co_return (co_await profiles->any()).has_value(); }}};
  add_metrics();
  system.metrics_text = [this] { return metrics.text(); };
  system.is_stopping = [this] { return stopping.load(); };
  if (outbox && !settings.production) {
    system.outbox = [this] {
      std::vector<api::outbox_mail> out;
      for (const auto& each : outbox->list()) {
        out.push_back({each.letter.to, each.letter.subject, each.letter.text, each.letter.code,
                       each.sent_at});
      }
      return out;
    };
  }
  if (settings.clock_movable) system.clock = time.get();

  auto routes = api::application_routes(*services);
  for (auto& each : api::system_routes(system)) routes.push_back(std::move(each));
  if (pool) {
    for (auto& each : pool_routes(*pool, local_pool_id)) routes.push_back(std::move(each));
  }
  files = std::make_unique<http::static_files>(
      http::embedded_files(), std::vector<std::string_view>{"/api/", "/dev/", "/cognito-idp/"});

  http::server_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.bounds.connections = settings.max_connections;
  options.allowed_origins = {settings.backend_url};
  if (!settings.frontend_url.empty()) options.allowed_origins.push_back(settings.frontend_url);
  if (!settings.production) {
    options.allowed_origins.emplace_back("http://localhost:3000");
    options.allowed_origins.push_back(fmt::format("http://127.0.0.1:{}", settings.port));
  }
  options.trusted_proxies = settings.trusted_proxies;
  options.strict_transport_security =
      settings.production && settings.backend_url.starts_with("https://");
  options.content_security_policy = content_security_policy(issuer_origin);
  options.fallback = [this](http::request& from) -> task<http::response> {
    co_return files->answer(from);
  };
  options.on_request = [this](const http::access_record& done) {
    const std::string_view method = http::to_string(done.from.verb);
    metrics.count_request(method, done.route, done.answer.status, done.took);
    telemetry::log_request(log, {.method = method,
                                 .path = done.from.path,
                                 .route = done.route,
                                 .status = done.answer.status,
                                 .bytes = done.answer.body_view().size(),
                                 .took = done.took,
                                 .request_id = done.from.request_id,
                                 .remote_address = done.from.remote_address});
  };
  options.on_exception = [this](std::string_view what, std::string_view request_id) {
    log.write(log_level::error, "a request failed", {{"error", what}, {"request_id", request_id}});
  };
  auto started = http::server::start(
      std::move(options), std::make_shared<const http::router>(std::move(routes)), *time, loops);
  if (!started) return std::unexpected(std::move(started.error()));
  server = std::move(*started);
  return {};
}

result<> application::parts::prepare() {
  for (const auto step : {&parts::open_storage, &parts::make_use_cases, &parts::make_identity}) {
    if (auto done = (this->*step)(); !done) return done;
  }
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
  parts_->timers.clear();
  if (parts_->doorbell) parts_->doorbell->close();
  for (const auto& pool : {parts_->password_pool, parts_->mail_pool}) {
    if (pool) pool->close();
  }
  parts_->loops.stop();
  if (parts_->database) parts_->database->close();
}

}  // namespace cruddur
