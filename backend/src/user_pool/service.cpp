#include "user_pool/service.hpp"

#include <stdexcept>

#include <sys/resource.h>

#include "base/ascii.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/sealing.hpp"
#include "domain/password.hpp"
#include "user_pool/phantoms.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {
namespace {

wire_error try_later(std::chrono::seconds wait) {
  return {"TooManyRequestsException",
          "Too many attempts; try again in " + std::to_string(wait.count()) + " seconds.", 400,
          wait};
}

std::optional<wire_error> account_refusal(attempt kind, std::optional<std::chrono::seconds> wait) {
  if (!wait) return std::nullopt;
  if (kind == attempt::sign_in || kind == attempt::refresh) return try_later(*wait);
  if (kind == attempt::code) {
    return wire_error{"TooManyFailedAttemptsException",
                      "Too many failed attempts; please try after some time.", 400, wait};
  }
  return wire_error{"LimitExceededException", "Attempt limit exceeded, please try after some time.",
                    400, wait};
}

std::string name_after_underscore(std::string_view pool_id) {
  const auto underscore = pool_id.find('_');
  if (underscore == std::string_view::npos || underscore == 0 || underscore + 1 == pool_id.size() ||
      pool_id.find('_', underscore + 1) != std::string_view::npos) {
    throw std::invalid_argument("a user pool's id is REGION_NAME with one '_'");
  }
  return std::string{pool_id.substr(underscore + 1)};
}

}  // namespace

service::service(options pool_options, parts pool_parts)
    : parts{std::move(pool_parts)},
      settings{std::move(pool_options)},
      keys{settings.secret},
      pool_name{name_after_underscore(settings.pool_id)},
      limits{settings.limits} {}

task<wire_result<account_lookup>> look_up(service_ptr pool, std::string name, time_point now) {
  const std::string email = ascii::lower_case(name);
  auto found = co_await pool->accounts->find_by_email(email, now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  if (*found) {
    const uuid known_id = (*found)->id;
    std::string address = (*found)->email;
    co_return account_lookup{known_id, known_id, std::move(*found), std::move(address)};
  }
  const uuid id = phantom_id(pool->keys, email);
  co_return account_lookup{id, pool->accounts->stand_in(id), std::nullopt, email};
}

task<wire_result<caller>> authenticate(service_ptr pool, std::string access_token, time_point now) {
  const auto token = co_await pool->verifier->verify(access_token, now);
  if (!token) {
    const fault& fault = token.error();
    if (fault.kind != fault_kind::unauthenticated) co_return std::unexpected(to_wire_error(fault));
    const std::string_view code = fault.codes.empty() ? std::string_view{} : fault.codes.front();
    co_return refuse("NotAuthorizedException", code == "token_expired" ? "Access Token has expired"
                                               : code == "token_revoked"
                                                   ? "Access Token has been revoked"
                                                   : "Invalid Access Token");
  }
  auto found = co_await pool->accounts->find(token->subject, now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  const auto session_id = parse_uuid(token->session);
  if (!*found || !session_id) {
    co_return refuse("NotAuthorizedException", "Access Token has been revoked");
  }
  co_return caller{std::move(**found), *session_id};
}

std::optional<wire_error> check_client(const service& pool, std::string_view client_id) {
  if (client_id == pool.settings.client_id) return std::nullopt;
  return wire_error{"ResourceNotFoundException", "There is no such user pool client.", 400,
                    std::nullopt};
}

std::optional<wire_error> limit_address(service& pool, attempt kind, const wire_request& request) {
  const auto wait = pool.limits.take_for_address(kind, request.address, request.now);
  if (!wait) return std::nullopt;
  return try_later(*wait);
}

std::optional<wire_error> limit_account(service& pool, attempt kind, std::string_view account,
                                        const wire_request& request) {
  return account_refusal(kind,
                         pool.limits.take_for_account(kind, account, request.address, request.now));
}

std::optional<wire_error> limit_account(service& pool, attempt kind, std::string_view account,
                                        time_point now) {
  return account_refusal(kind, pool.limits.take_for_account(kind, account, {}, now));
}

admission::admission(service_ptr pool)
    : pool_{std::move(pool)},
      is_granted_{pool_->heavy_calls.fetch_add(1) < pool_->settings.max_heavy_calls} {}

admission::~admission() {
  pool_->heavy_calls.fetch_sub(1);
}

wire_error too_busy() {
  return to_wire_error(
      make_fault(fault_kind::unavailable, "server_busy", "", std::chrono::seconds{1}));
}

void lower_priority() {
  constexpr int niceness = 10;
  thread_local const int lowered = ::setpriority(PRIO_PROCESS, 0, niceness);
  static_cast<void>(lowered);  // where it is not allowed, things go on as they are
}

task<result<password_proof>> prove_password(const service_ptr& pool, uuid account_id,
                                            std::string password) {
  auto work = [pool, account_id, password = normalise_password(password)] {
    const std::string name = to_string(account_id);
    password_proof proof{random_bytes(srp::salt_bytes), {}};
    ++pool->hashes;
    const auto verifier = srp::make_verifier(pool->pool_name, name, password, proof.salt);
    proof.sealed_verifier = seal(pool->keys.verifiers, name, verifier);
    return proof;
  };
  return run_heavy(pool, std::move(work));
}

std::string open_verifier(const service& pool, const account_lookup& lookup) {
  if (!lookup.account) return phantom_verifier(pool.keys, lookup.id);
  auto verifier =
      unseal(pool.keys.verifiers, to_string(lookup.id), lookup.account->password.sealed_verifier);
  if (!verifier || verifier->size() != srp::group_bytes) {
    throw std::runtime_error("a password verifier was not sealed with the user pool's secret");
  }
  return std::move(*verifier);
}

task<result<bool>> check_password(const service_ptr& pool, account_lookup lookup,
                                  std::string password) {
  auto work = [pool, lookup = std::move(lookup), password = std::move(password)] {
    const std::string name = to_string(lookup.id);
    const auto salt =
        lookup.account ? lookup.account->password.salt : phantom_salt(pool->keys, lookup.id);
    const auto expected = open_verifier(*pool, lookup);
    const auto is_right = [&](std::string_view text) {
      ++pool->hashes;
      const auto verifier = srp::make_verifier(pool->pool_name, name, text, salt);
      return equal_constant_time(expected, verifier) && lookup.account.has_value();
    };
    const std::string normalised = normalise_password(password);
    // Before passwords were normalised, an account's verifier was made of what was typed.
    return is_right(normalised) || (normalised != password && is_right(password));
  };
  return run_heavy(pool, std::move(work));
}

task<> ensure_profile(service_ptr pool, account account, time_point now) {
  const auto found = co_await pool->profiles->find_id(account.id);
  if (found && *found) co_return;
  profile made{make_uuid_v4(), account.handle, account.display_name, {}, now};
  const auto created = co_await pool->profiles->create(account.id, std::move(made));
  if (created) co_return;
  pool->log("could not make a profile: " + created.error().detail);
}

}  // namespace cruddur::user_pool
