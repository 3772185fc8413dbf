#include "main/web.hpp"

#include <fmt/format.h>

#include "adapters/sql/migrations.hpp"
#include "api/routes.hpp"
#include "main/metrics.hpp"
#include "main/pool_handlers.hpp"
#include "runtime/descriptor_limit.hpp"
#include "telemetry/access_log.hpp"

namespace cruddur {
namespace {

// Everything comes from the page's own origin, and nothing inline. The client also calls
// `pool_endpoint`.
std::string content_security_policy(const std::string& pool_endpoint) {
  return fmt::format(
      "default-src 'self'; connect-src 'self'{}; img-src 'self' data: blob:; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      pool_endpoint.empty() ? "" : " " + pool_endpoint);
}

api::client_settings client_settings(const config::settings& settings) {
  api::client_settings out{.version = CRUDDUR_VERSION,
                           .production = settings.production,
                           .backend_url = settings.backend_url,
                           .frontend_url = settings.frontend_url,
                           .user_pool_id = local_pool_id,
                           .user_pool_client_id = settings.identity_client_id,
                           .user_pool_endpoint = {}};
  if (!settings.uses_local_pool()) {
    // https://cognito-idp.REGION.amazonaws.com/REGION_NAME
    const auto slash = settings.identity_url.rfind('/');
    out.user_pool_id = settings.identity_url.substr(slash + 1);
    out.user_pool_endpoint = settings.identity_url.substr(0, slash + 1);
  }
  return out;
}

api::system_services system_services(web& web, process& process, storage& storage,
                                     const use_cases& use_cases, const identity& identity) {
  const config::settings& settings = process.settings;
  api::system_services out;
  out.client = client_settings(settings);
  out.checks = {{"database",
                 [profiles = storage.profiles]() -> task<bool> {
                   co_return (co_await profiles->any()).has_value();
                 }},
                {"writes", [&web]() -> task<bool> { return web.writes.can_write(); }},
                {"key_destruction", [destroyer = use_cases.key_destroyer.get()]() -> task<bool> {
                   co_return !destroyer->is_late();
                 }}};
  if (web.key_writes) {
    out.checks.push_back(
        {"keys", [&probe = *web.key_writes]() -> task<bool> { return probe.can_write(); }});
  }
  out.metrics_token = settings.metrics_token;
  out.metrics_text = [&web] { return web.metrics.text(); };
  out.is_stopping = [&process] { return process.stopping.load(); };
  if (identity.outbox && !settings.production) {
    out.outbox = [outbox = identity.outbox] { return outbox->list(); };
  }
  if (settings.clock_movable) out.clock = process.clock.get();
  return out;
}

void raise_descriptor_limit(process& process) {
  const config::settings& settings = process.settings;
  const auto connections = static_cast<std::size_t>(settings.database_connections);
  const std::size_t databases = settings.has_key_database() ? 2 : 1;
  const std::size_t reserve =
      256 + databases * (connections > 0 ? connections : 2 * process.loops.size());
  const auto fits = runtime::raise_descriptor_limit(settings.max_connections + reserve);
  if (fits >= settings.max_connections + reserve) return;
  process.log.write(log_level::warning,
                    "MAX_CONNECTIONS is more than the system lets this process have",
                    {{"max_connections", static_cast<std::int64_t>(settings.max_connections)},
                     {"descriptors", static_cast<std::int64_t>(fits)}});
}

std::vector<std::string> allowed_origins(const config::settings& settings) {
  std::vector<std::string> out{settings.backend_url};
  if (!settings.frontend_url.empty()) out.push_back(settings.frontend_url);
  if (!settings.production) {
    out.emplace_back("http://localhost:3000");
    out.push_back(fmt::format("http://127.0.0.1:{}", settings.port));
  }
  return out;
}

http::transport_security transport_security(const config::settings& settings) {
  if (!settings.production || !settings.backend_url.starts_with("https://")) {
    return http::transport_security::none;
  }
  return settings.hsts_include_subdomains ? http::transport_security::with_subdomains
                                          : http::transport_security::this_host;
}

void record_request(web& web, logger& log, const http::access_record& record) {
  const std::string_view method = http::to_string(record.request.verb);
  web.metrics.count_request(method, record.route, record.answer.status, record.duration);
  telemetry::log_request(log, {.method = method,
                               .path = record.request.path,
                               .route = record.route,
                               .status = record.answer.status,
                               .bytes = record.answer.body_size(),
                               .took = record.duration,
                               .request_id = record.request.request_id,
                               .remote_address = record.request.remote_address});
}

http::server_options server_options(web& web, process& process) {
  const config::settings& settings = process.settings;
  logger& log = process.log;
  http::server_options out;
  out.host = settings.host;
  out.port = settings.port;
  out.bounds.connections = settings.max_connections;
  out.bounds.connections_per_address = settings.max_connections_per_address;
  out.exempt_loopback = !settings.loopback_is_counted;
  out.allowed_origins = allowed_origins(settings);
  out.trusted_proxies = settings.trusted_proxies;
  out.strict_transport_security = transport_security(settings);
  out.content_security_policy = content_security_policy(web.system.client.user_pool_endpoint);
  out.fallback = [&web](http::request& request) -> task<http::response> {
    co_return web.files.answer(request);
  };
  out.on_request = [&web, &log](const http::access_record& record) {
    record_request(web, log, record);
  };
  out.on_exception = [&log](std::string_view reason, std::string_view request_id) {
    log.write(log_level::error, "a request failed",
              {{"error", reason}, {"request_id", request_id}});
  };
  out.on_trouble = [&log](std::string_view sentence) {
    log.write(log_level::error, "connections", {{"reason", sentence}});
  };
  return out;
}

http::server_options metrics_server_options(process& process) {
  const std::string& address = process.settings.metrics_address;
  const auto colon = address.rfind(':');
  logger& log = process.log;
  http::server_options out;
  out.host = address.substr(0, colon);
  if (out.host.starts_with('[')) out.host = out.host.substr(1, out.host.size() - 2);
  out.port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
  out.bounds.connections = 64;
  out.on_exception = [&log](std::string_view reason, std::string_view request_id) {
    log.write(log_level::error, "a request for metrics failed",
              {{"error", reason}, {"request_id", request_id}});
  };
  out.on_trouble = [&log](std::string_view sentence) {
    log.write(log_level::error, "connections for metrics", {{"reason", sentence}});
  };
  return out;
}

result<std::unique_ptr<http::server>> listen(process& process, http::server_options options,
                                             std::vector<http::route> routes) {
  return http::server::start(std::move(options),
                             std::make_shared<const http::router>(std::move(routes)),
                             *process.clock, process.loops);
}

result<> start_metrics_server(web& web, process& process) {
  const std::string& address = process.settings.metrics_address;
  if (address.empty()) return {};
  auto started = listen(process, metrics_server_options(process), api::metrics_routes(web.system));
  if (!started) return std::unexpected(std::move(started.error()));
  web.metrics_server = std::move(*started);
  process.log.write(log_level::info, "metrics are read at",
                    {{"address", fmt::format("{}:{}", address.substr(0, address.rfind(':')),
                                             web.metrics_server->port())}});
  return {};
}

std::vector<http::route> all_routes(web& web, identity& identity) {
  api::pool_handlers pool;
  if (identity.pool) pool = make_pool_handlers(*identity.pool, local_pool_id);
  return api::all_routes(web.services, web.system, pool);
}

std::vector<std::string> tables_in(const sql::database& database) {
  return sql::tables_of(sql::migrations_for(database.kind()));
}

}  // namespace

web::web(process& process, storage& storage, use_cases& use_cases, identity& identity)
    : writes{*storage.database, tables_in(*storage.database)},
      key_writes{process.key_database ? std::make_unique<write_probe>(
                                            *process.key_database, tables_in(*process.key_database))
                                      : nullptr},
      services{*process.clock,   *identity.tokens,   *storage.activities, *storage.timelines,
               *storage.threads, *storage.profiles,  *use_cases.writer,   *use_cases.likes,
               *use_cases.feed,  *use_cases.budgets, *use_cases.viewers},
      system{system_services(*this, process, storage, use_cases, identity)},
      files{http::embedded_files(), {"/api", "/dev", "/cognito-idp", "/metrics"}} {
  add_metrics(metrics, process, storage, use_cases, identity, listening);
}

result<std::unique_ptr<web>> start_web(process& process, storage& storage, use_cases& use_cases,
                                       identity& identity) {
  auto out = std::make_unique<web>(process, storage, use_cases, identity);
  raise_descriptor_limit(process);
  if (auto done = start_metrics_server(*out, process); !done) {
    return std::unexpected(std::move(done.error()));
  }
  auto started = listen(process, server_options(*out, process), all_routes(*out, identity));
  if (!started) return std::unexpected(std::move(started.error()));
  out->server = std::move(*started);
  out->listening = out->server.get();
  return out;
}

}  // namespace cruddur
