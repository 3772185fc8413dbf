// Which adapter stands behind which port: the one file that names them all.
#include "main/compose.hpp"

#include <filesystem>
#include <fstream>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "adapters/tokens/token_verifier.hpp"
#include "adapters/postgres/postgres_database.hpp"
#include "adapters/postgres/preconditions.hpp"
#include "adapters/smtp/outbox.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "adapters/sql/account_store.hpp"
#include "adapters/sql/activity_store.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sql/profile_store.hpp"
#include "adapters/sql/session_store.hpp"
#include "adapters/sql/sign_in_tries.hpp"
#include "adapters/sqlite/sqlite_database.hpp"
#include "base/encoding.hpp"
#include "main/parts.hpp"
#include "net/http_client.hpp"
#include "runtime/spawn.hpp"

namespace cruddur {
namespace {

std::function<void(const std::string&)> to_log(logger& log) {
  return [&log](const std::string& sentence) { log.write(log_level::error, sentence); };
}

// Files of an earlier version could be read by other users of the machine. Of the folder only the
// server's own is closed.
void tighten(const std::filesystem::path& folder, const std::filesystem::path& file,
             const std::filesystem::path& data_dir, logger& log) {
  namespace fs = std::filesystem;
  constexpr auto others = fs::perms::group_all | fs::perms::others_all;
  std::vector<fs::path> paths{file, file.string() + "-wal", file.string() + "-shm"};
  std::error_code error;
  if (fs::equivalent(folder, data_dir, error)) paths.push_back(folder);
  for (const auto& path : paths) {
    error.clear();
    const auto status = fs::status(path, error);
    if (error || (status.permissions() & others) == fs::perms::none) continue;
    fs::permissions(path, others, fs::perm_options::remove, error);
    if (error) {
      log.write(log_level::error, "others can read this and it can't be closed",
                {{"path", path.string()}, {"reason", error.message()}});
    } else {
      log.write(log_level::info, "closed to other users", {{"path", path.string()}});
    }
  }
}

}  // namespace

result<std::unique_ptr<sql::database>> open_database(const config::settings& from,
                                                     runtime::event_loops& loops, logger& log,
                                                     database_hooks hooks) {
  if (!from.uses_sqlite()) {
    if (auto fit = postgres::check_server(from.database_url); !fit) {
      return std::unexpected(std::move(fit.error()));
    }
    return postgres::open_database({.url = from.database_url,
                                    .connections = from.database_connections,
                                    .on_error = to_log(log),
                                    .on_refusal = std::move(hooks.on_refusal)},
                                   loops.executors());
  }
  const std::filesystem::path path = from.database_url.substr(sizeof "sqlite:" - 1);
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    return unusable(fmt::format("The folder {} can't be made: {}.", path.parent_path().string(),
                                error.message()));
  }
  tighten(path.has_parent_path() ? path.parent_path() : ".", path, from.data_dir, log);
  return sqlite::open_database({.path = path,
                                .on_error = to_log(log),
                                .on_refusal = std::move(hooks.on_refusal),
                                .on_commit = std::move(hooks.on_commit)});
}

result<> application::parts::open_storage() {
  database_hooks hooks;
  hooks.on_commit = [this](std::size_t units) {
    ++counted.commits;
    counted.writes += units;
  };
  hooks.on_refusal = [this](sql::driver_fault kind, std::string_view detail) {
    refused_work.add(static_cast<std::size_t>(kind), detail);
  };
  auto opened = open_database(settings, loops, log, std::move(hooks));
  if (!opened) return std::unexpected(std::move(opened.error()));
  database = std::move(*opened);

  const auto known = sql::migrations_for(database->kind());
  if (settings.uses_sqlite() || !settings.production) {
    const auto pending = sql::migration_plan(*database, known);
    if (!pending) return std::unexpected(pending.error());
    for (const std::string& name : *pending)
      log.write(log_level::info, "migration begins", {{"migration", name}});
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
    auto fit = postgres::check_rights(settings.database_url, sql::tables_of(known));
    if (!fit) return fit;
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
                                          neighbours::heard{*home, *time, loops.loop(0),
                                                            [this] {
                                                              if (session_monitor)
                                                                read_revocations();
                                                            },
                                                            [this](std::string_view reason) {
                                                              log.write(log_level::error,
                                                                        "a post that changed "
                                                                        "elsewhere can't be read",
                                                                        {{"error", reason}});
                                                            }});
    hearing.push_back(others.get());
  }
  observers = std::make_unique<activity_observers>(std::move(hearing));
  posts = std::make_unique<posting>(*activities, *profiles, *observers);
  like = std::make_unique<likes>(*activities, *observers);
  budgets = std::make_unique<write_budgets>(settings.writing);
  viewers = std::make_unique<profile_ids>(*profiles);
  sweeper = std::make_unique<expiry_sweeper>(
      *activities, *observers, *time,
      expiry_sweeper::hooks{
          [this](std::chrono::milliseconds lag) {
            ++counted.expired;
            counted.expiry_lag_ms = lag.count();
          },
          [this](const fault& what) {
            log.write(log_level::error, "expired posts can't be deleted now",
                      {{"reason", what.detail}});
          },
          // A vacuum reads the whole table, and leaves the bytes where they are.
          // SQLite copies its log, while nobody writes.
          settings.uses_sqlite() ? std::chrono::milliseconds{1'500} : std::chrono::minutes{10},
          [](std::chrono::milliseconds time) -> task<> {
            boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, time};
            co_await timer.async_wait(boost::asio::use_awaitable);
          }});
  observers->add(*sweeper);
  return {};
}

result<std::shared_ptr<mailer>> application::parts::make_mailer() {
  if (settings.smtp_url.empty()) {
    outbox = std::make_shared<smtp::outbox>(time);
    return outbox;
  }
  if (!settings.smtp_ca_file.empty() && !std::ifstream{settings.smtp_ca_file}.good()) {
    return unusable(fmt::format("SMTP_CA_FILE can't be read: {}.", settings.smtp_ca_file.string()));
  }
  mail_pool = std::make_shared<runtime::blocking_pool>(1, 256);
  return smtp::create_smtp_mailer({.url = settings.smtp_url,
                                   .from = settings.mail_from,
                                   .ca_file = settings.smtp_ca_file.string(),
                                   .ehlo_name = settings.smtp_ehlo_name},
                                  *mail_pool, time);
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
  tokens::fetch_hooks hooks;
  hooks.on_failure = [this](std::string_view reason) { failed_key_fetches.add(0, reason); };
  hooks.on_recovery = [this] {
    log.write(log_level::info, "the identity provider's keys are fetched again");
  };
  tokens = tokens::create_token_verifier(
      {.issuer = settings.identity_url, .client_id = settings.identity_client_id},
      tokens::fetched_keys(settings.identity_url + "/.well-known/jwks.json", fetch, {},
                            std::move(hooks)),
      nullptr);
  return {};
}

result<std::string> application::parts::pool_secret() const {
  if (settings.user_pool_secret.empty()) {
    return user_pool::load_or_create_secret(settings.data_dir / "secrets" / "user_pool.key");
  }
  return from_base64(settings.user_pool_secret).value_or("");  // checked when it was read
}

// Others have revoked something. Until it is read nothing is trusted.
void application::parts::read_revocations() {
  session_monitor->suspect();
  runtime::spawn(
      loops.loop(0).get_executor(), session_monitor->poll(), [this](std::string_view reason) {
        log.write(log_level::error, "revoked sessions can't be read", {{"error", reason}});
      });
}

task<result<>> application::parts::remove_person(uuid identity) {
  const auto id = co_await profiles->find_id(identity);
  if (!id) co_return std::unexpected(id.error());
  if (!*id) co_return result<>{};
  auto removed = co_await posts->remove_author(**id, time->now());
  if (removed) viewers->forget(identity);
  co_return removed;
}

result<> application::parts::make_local_pool() {
  auto secret = pool_secret();
  if (!secret) return std::unexpected(std::move(secret.error()));
  password_pool = std::make_shared<runtime::blocking_pool>(settings.password_threads, 64);
  const auto keys = std::shared_ptr{sql::create_key_store(*database)};
  const auto key =
      wait_for(loops, user_pool::load_signing_key(*keys, *secret, *password_pool, time->now()));
  if (!key) return std::unexpected(key.error());

  sessions = sql::create_session_store(*database);
  user_pool::session_monitor::options watching;
  watching.on_revoked = [this] {
    if (others) others->sessions_revoked();
  };
  if (others) watching.good_for = std::chrono::seconds{3};
  session_monitor =
      std::make_shared<user_pool::session_monitor>(sessions, time, std::move(watching));
  wait_for(loops, session_monitor->poll());
  const std::string issuer = settings.backend_url + "/" + local_pool_id;
  auto public_keys = tokens::parse_key_set((*key)->jwks());
  if (!public_keys) return unusable("The signing key can't be read.");
  tokens =
      tokens::create_token_verifier({.issuer = issuer, .client_id = settings.identity_client_id},
                                     tokens::given_keys(std::move(*public_keys)), session_monitor);

  auto mail = make_mailer();
  if (!mail) return std::unexpected(std::move(mail.error()));

  user_pool::options options;
  options.pool_id = local_pool_id;
  options.client_id = settings.identity_client_id;
  options.issuer = issuer;
  options.secret = std::move(*secret);
  // A client's clock does not follow one that was moved.
  if (settings.clock_movable) options.client_clock_skew = std::chrono::years{100};
  options.token_lifetime = settings.access_token_lifetime;
  options.session_lifetime = settings.refresh_token_lifetime;
  options.on_error = [this](std::string_view sentence) { log.write(log_level::error, sentence); };
  options.on_delete = [this](uuid identity) { return remove_person(identity); };
  pool = std::make_unique<user_pool::user_pool>(
      std::move(options), user_pool::parts{.accounts = sql::create_account_store(*database),
                                           .sessions = sessions,
                                           .profiles = profiles,
                                           .mail = *mail,
                                           .verifier = tokens,
                                           .monitor = session_monitor,
                                           .key = *key,
                                           .heavy_work = *password_pool,
                                           .time = time,
                                           .tries = sql::create_sign_in_tries(*database)});
  return {};
}

}  // namespace cruddur
