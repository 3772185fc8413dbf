// Puts a composed server on the wire: its routes, what it tells of itself, and what it counts.
#include <fmt/format.h>

#include "adapters/sql/migrations.hpp"
#include "api/routes.hpp"
#include "main/parts.hpp"
#include "main/pool_routes.hpp"
#include "runtime/descriptor_limit.hpp"
#include "telemetry/access_log.hpp"

namespace cruddur {
namespace {

// Everything from the page's own origin, and nothing inline. `elsewhere`: an address that the
// client calls besides.
std::string content_security_policy(const std::string& elsewhere) {
  return fmt::format(
      "default-src 'self'; connect-src 'self'{}; img-src 'self' data: blob:; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      elsewhere.empty() ? "" : " " + elsewhere);
}

}  // namespace

void application::parts::add_metrics() {
  metrics.add_counter("cruddur_database_commits_total",
                      "Transactions made durable, each by one fsync.",
                      [this] { return static_cast<double>(counted.commits.load()); });
  metrics.add_counter("cruddur_database_writes_total", "Writes that those transactions covered.",
                      [this] { return static_cast<double>(counted.writes.load()); });
  metrics.add_counter("cruddur_password_hashes_total",
                      "Passwords hashed, and steps of sign-ins that cost as much.",
                      [this] { return pool ? static_cast<double>(pool->hashes()) : 0; });
  metrics.add_counter("cruddur_expired_posts_total", "Posts deleted because their time was over.",
                      [this] { return static_cast<double>(counted.expired.load()); });
  metrics.add_gauge("expiry_lag_seconds", "How long after its expiry the last post was deleted.",
                    [this] { return static_cast<double>(counted.expiry_lag_ms.load()) / 1e3; });
  metrics.add_counter(
      "cruddur_refused_password_work_total", "Password checks refused because too many waited.",
      [this] { return password_pool ? static_cast<double>(password_pool->refused()) : 0.0; });
  metrics.add_counter(
      "cruddur_refused_mail_total", "Mails refused because too many waited.",
      [this] { return mail_pool ? static_cast<double>(mail_pool->refused()) : 0.0; });
  metrics.add_counters("cruddur_refused_database_work_total",
                       "Reads and writes that the database refused.", "reason", [this] {
                         telemetry::metrics::labelled_values out;
                         for (std::size_t i = 0; i < refused_work.reasons().size(); ++i) {
                           if (!is_refusal(static_cast<sql::driver_fault>(i))) continue;
                           out.emplace_back(refused_work.reasons()[i],
                                            static_cast<double>(refused_work.count(i)));
                         }
                         return out;
                       });
  metrics.add_counter("cruddur_failed_key_fetches_total",
                      "Fetches of the identity provider's keys that failed.",
                      [this] { return static_cast<double>(failed_key_fetches.count(0)); });
  metrics.add_counter("cruddur_lost_log_lines_total", "Log lines lost because nobody read them.",
                      [this] { return static_cast<double>(log.lost_lines()); });
  metrics.add_counter("cruddur_refused_connections_total", "Connections beyond a limit.", [this] {
    const http::server* at = listening.load();
    return at ? static_cast<double>(at->turned_away()) : 0.0;
  });
  metrics.add_gauge("cruddur_open_connections", "Connections open now.", [this] {
    const http::server* at = listening.load();
    return at ? static_cast<double>(at->open_connections()) : 0.0;
  });
  const auto add_feed_gauge = [this](const char* name, const char* help,
                                     std::size_t api::home_feed::usage::* value) {
    metrics.add_gauge(name, help,
                      [this, value] { return static_cast<double>(home->used().*value); });
  };
  add_feed_gauge("cruddur_home_feed_loaded", "1 while home pages come from memory, else 0.",
                 &api::home_feed::usage::loaded);
  add_feed_gauge("cruddur_home_feed_bytes", "Memory that the home feed holds, about.",
                 &api::home_feed::usage::bytes);
  add_feed_gauge("cruddur_home_feed_posts", "Posts that the home feed holds.",
                 &api::home_feed::usage::posts);
  add_feed_gauge("cruddur_home_feed_viewers", "Readers whose likes the home feed holds.",
                 &api::home_feed::usage::viewers);
  add_feed_gauge("cruddur_home_feed_marks", "Likes that the home feed has room for.",
                 &api::home_feed::usage::marks);
}

void application::parts::describe_system() {
  system.client = {.version = CRUDDUR_VERSION,
                   .production = settings.production,
                   .backend_url = settings.backend_url,
                   .frontend_url = settings.frontend_url,
                   .user_pool_id = local_pool_id,
                   .user_pool_client_id = settings.identity_client_id,
                   .user_pool_endpoint = {}};
  if (!pool) {
    // https://cognito-idp.REGION.amazonaws.com/REGION_NAME
    const auto slash = settings.identity_url.rfind('/');
    system.client.user_pool_id = settings.identity_url.substr(slash + 1);
    system.client.user_pool_endpoint = settings.identity_url.substr(0, slash + 1);
  }
  writes = std::make_unique<write_probe>(*database,
                                         sql::tables_of(sql::migrations_for(database->kind())));
  system.checks = {
      {"database", [this]() -> task<bool> { co_return (co_await profiles->any()).has_value(); }},
      {"writes", [this]() -> task<bool> { return writes->can_write(); }}};
  add_metrics();
  system.metrics_token = settings.metrics_token;
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
}

void application::parts::raise_descriptor_limit() {
  const auto given = static_cast<std::size_t>(settings.database_connections);
  const std::size_t reserve = 256 + (given > 0 ? given : 2 * loops.size());
  const auto fits = runtime::raise_descriptor_limit(settings.max_connections + reserve);
  if (fits >= settings.max_connections + reserve) return;
  log.write(log_level::warning, "MAX_CONNECTIONS is more than the system lets this process have",
            {{"max_connections", static_cast<std::int64_t>(settings.max_connections)},
             {"descriptors", static_cast<std::int64_t>(fits)}});
}

result<> application::parts::serve_metrics() {
  if (settings.metrics_address.empty()) return {};
  const auto colon = settings.metrics_address.rfind(':');
  http::server_options options;
  options.host = settings.metrics_address.substr(0, colon);
  if (options.host.starts_with('[')) options.host = options.host.substr(1, options.host.size() - 2);
  options.port = static_cast<std::uint16_t>(std::stoul(settings.metrics_address.substr(colon + 1)));
  options.bounds.connections = 64;
  options.on_exception = [this](std::string_view what, std::string_view request_id) {
    log.write(log_level::error, "a request for metrics failed",
              {{"error", what}, {"request_id", request_id}});
  };
  options.on_trouble = [this](std::string_view sentence) {
    log.write(log_level::error, "connections for metrics", {{"reason", sentence}});
  };
  auto started = http::server::start(
      std::move(options), std::make_shared<const http::router>(api::metrics_routes(system)), *time,
      loops);
  if (!started) return std::unexpected(std::move(started.error()));
  metrics_server = std::move(*started);
  log.write(log_level::info, "metrics are read at",
            {{"address", fmt::format("{}:{}", settings.metrics_address.substr(0, colon),
                                     metrics_server->port())}});
  return {};
}

result<> application::parts::serve() {
  services = std::make_unique<api::services>(api::services{
      *time, *tokens, *activities, *profiles, *posts, *like, *home, *budgets, *viewers});
  describe_system();
  auto routes = api::application_routes(*services);
  for (auto& each : api::system_routes(system)) routes.push_back(std::move(each));
  if (pool) {
    for (auto& each : pool_routes(*pool, local_pool_id)) routes.push_back(std::move(each));
  }
  files = std::make_unique<http::static_files>(
      http::embedded_files(),
      std::vector<std::string_view>{"/api", "/dev", "/cognito-idp", "/metrics"});

  http::server_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.bounds.connections = settings.max_connections;
  options.bounds.connections_per_address = settings.max_connections_per_address;
  options.exempt_loopback = !settings.loopback_is_counted;
  options.allowed_origins = {settings.backend_url};
  if (!settings.frontend_url.empty()) options.allowed_origins.push_back(settings.frontend_url);
  if (!settings.production) {
    options.allowed_origins.emplace_back("http://localhost:3000");
    options.allowed_origins.push_back(fmt::format("http://127.0.0.1:{}", settings.port));
  }
  options.trusted_proxies = settings.trusted_proxies;
  if (settings.production && settings.backend_url.starts_with("https://")) {
    options.strict_transport_security = settings.hsts_include_subdomains
                                            ? http::transport_security::with_subdomains
                                            : http::transport_security::this_host;
  }
  options.content_security_policy = content_security_policy(system.client.user_pool_endpoint);
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
  options.on_trouble = [this](std::string_view sentence) {
    log.write(log_level::error, "connections", {{"reason", sentence}});
  };
  raise_descriptor_limit();
  if (auto done = serve_metrics(); !done) return done;
  auto started = http::server::start(
      std::move(options), std::make_shared<const http::router>(std::move(routes)), *time, loops);
  if (!started) return std::unexpected(std::move(started.error()));
  server = std::move(*started);
  listening = server.get();
  return {};
}

}  // namespace cruddur
