#include "main/identity.hpp"

#include <fstream>

#include <fmt/format.h>

#include "adapters/smtp/smtp_mailer.hpp"
#include "adapters/sql/account_store.hpp"
#include "adapters/sql/key_store.hpp"
#include "adapters/sql/session_store.hpp"
#include "adapters/sql/sign_in_tries.hpp"
#include "adapters/tokens/token_verifier.hpp"
#include "base/encoding.hpp"
#include "net/http_client.hpp"
#include "runtime/spawn.hpp"
#include "user_pool/secret_file.hpp"

namespace cruddur {
namespace {

std::shared_ptr<token_verifier> make_remote_verifier(process& process) {
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
  hooks.on_failure = [&process](std::string_view reason) {
    process.failed_key_fetches.add(0, reason);
  };
  hooks.on_recovery = [&process] {
    process.log.write(log_level::info, "the identity provider's keys are fetched again");
  };
  const config::settings& settings = process.settings;
  return tokens::create_token_verifier(
      {.issuer = settings.identity_url, .client_id = settings.identity_client_id},
      tokens::fetched_keys(settings.identity_url + "/.well-known/jwks.json", fetch, {},
                           std::move(hooks)),
      nullptr);
}

result<std::string> pool_secret(const config::settings& settings) {
  if (settings.user_pool_secret.empty()) {
    return user_pool::load_or_create_secret(settings.pool_secret_file());
  }
  return from_base64(settings.user_pool_secret).value_or("");  // checked when it was read
}

result<std::shared_ptr<mailer>> make_mailer(process& process, identity& identity) {
  const config::settings& settings = process.settings;
  if (settings.smtp_url.empty()) {
    identity.outbox = std::make_shared<outbox::outbox_mailer>(process.clock);
    return identity.outbox;
  }
  if (!settings.smtp_ca_file.empty() && !std::ifstream{settings.smtp_ca_file}.good()) {
    return start_fault(
        fmt::format("SMTP_CA_FILE can't be read: {}.", settings.smtp_ca_file.string()));
  }
  identity.mail_pool = std::make_shared<runtime::blocking_pool>(1, 256);
  return smtp::create_smtp_mailer({.url = settings.smtp_url,
                                   .sender = settings.mail_from,
                                   .ca_file = settings.smtp_ca_file.string(),
                                   .ehlo_name = settings.smtp_ehlo_name},
                                  *identity.mail_pool, process.clock);
}

// Tells the peers of sessions that were revoked here, and reads those that a peer revoked.
std::shared_ptr<user_pool::session_monitor> watch_sessions(process& process,
                                                           std::shared_ptr<session_store> store,
                                                           realtime::peers* peers) {
  user_pool::session_monitor::options options;
  if (peers != nullptr) {
    options.good_for = std::chrono::seconds{3};
    options.on_revoked = [peers] { peers->publish(realtime::sessions_revoked{}); };
  }
  const auto monitor = std::make_shared<user_pool::session_monitor>(std::move(store), process.clock,
                                                                    std::move(options));
  process.wait_for(monitor->poll());
  if (peers == nullptr) return monitor;
  const auto read_on = [&process, monitor] {
    monitor->suspect();
    runtime::spawn(process.loops.loop(0).get_executor(), monitor->poll(),
                   process.error_log("revoked sessions can't be read"));
  };
  peers->subscribe({.on_message =
                        [read_on](const realtime::peer_message& message) {
                          if (std::holds_alternative<realtime::sessions_revoked>(message))
                            read_on();
                        },
                    .on_connect = read_on,
                    .on_disconnect = {}});
  return monitor;
}

result<identity> make_local_pool(process& process, storage& storage, use_cases& use_cases) {
  const config::settings& settings = process.settings;
  identity out;
  auto secret = pool_secret(settings);
  if (!secret) return std::unexpected(std::move(secret.error()));
  out.password_pool = std::make_shared<runtime::blocking_pool>(settings.password_threads, 64);
  const auto keys = std::shared_ptr{sql::create_key_store(*storage.database)};
  const auto key = process.wait_for(
      user_pool::load_signing_key(*keys, *secret, *out.password_pool, process.clock->now()));
  if (!key) return std::unexpected(key.error());

  const std::shared_ptr sessions = sql::create_session_store(*storage.database);
  out.sessions = watch_sessions(process, sessions, use_cases.peers.get());
  const std::string issuer = settings.backend_url + "/" + local_pool_id;
  auto public_keys = tokens::parse_key_set((*key)->jwks());
  if (!public_keys) return start_fault("The signing key can't be read.");
  out.tokens =
      tokens::create_token_verifier({.issuer = issuer, .client_id = settings.identity_client_id},
                                    tokens::given_keys(std::move(*public_keys)), out.sessions);

  auto mail = make_mailer(process, out);
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
  options.on_error = process.error_log();
  options.on_delete = [&use_cases, clock = process.clock, outbox = out.outbox](
                          uuid account_id, const std::string& email) {
    if (outbox) outbox->forget(email);
    return use_cases.remove_person(account_id, clock->now());
  };
  out.pool = std::make_unique<user_pool::user_pool>(
      std::move(options),
      user_pool::parts{.accounts = sql::create_account_store(*storage.database, *storage.keys.vault,
                                                             *storage.index),
                       .sessions = sessions,
                       .profiles = storage.profiles,
                       .mail = *mail,
                       .verifier = out.tokens,
                       .monitor = out.sessions,
                       .signer = *key,
                       .heavy_work = *out.password_pool,
                       .time = process.clock,
                       .tries = sql::create_sign_in_tries(*storage.database)});
  return out;
}

}  // namespace

result<identity> make_identity(process& process, storage& storage, use_cases& use_cases) {
  if (process.settings.uses_local_pool()) return make_local_pool(process, storage, use_cases);
  identity out;
  out.tokens = make_remote_verifier(process);
  return out;
}

}  // namespace cruddur
