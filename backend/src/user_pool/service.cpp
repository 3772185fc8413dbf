#include "user_pool/service.hpp"

#include <stdexcept>

#include <sys/resource.h>

#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/sealing.hpp"
#include "domain/password.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/phantoms.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {
namespace {

wire_error try_later(std::chrono::seconds wait) {
  return {"TooManyRequestsException",
          "Too many attempts; try again in " + std::to_string(wait.count()) + " seconds.", 400,
          wait};
}

std::optional<wire_error> account_refusal(attempt what, std::optional<std::chrono::seconds> wait) {
  if (!wait) return std::nullopt;
  if (what == attempt::sign_in || what == attempt::refresh) return try_later(*wait);
  if (what == attempt::code) {
    return wire_error{"TooManyFailedAttemptsException",
                      "Too many failed attempts; please try after some time.", 400, wait};
  }
  return wire_error{"LimitExceededException", "Attempt limit exceeded, please try after some time.",
                    400, wait};
}

std::string name_after_underscore(std::string_view pool_id) {
  const auto at = pool_id.find('_');
  if (at == std::string_view::npos || at == 0 || at + 1 == pool_id.size() ||
      pool_id.find('_', at + 1) != std::string_view::npos) {
    throw std::invalid_argument("a user pool's id is REGION_NAME with one '_'");
  }
  return std::string{pool_id.substr(at + 1)};
}

}  // namespace

service::service(options of, parts with)
    : settings{std::move(of)},
      in{std::move(with)},
      keys{settings.secret},
      pool_name{name_after_underscore(settings.pool_id)},
      limits{settings.limits} {}

task<wire_result<subject>> look_up(service_ptr in, std::string name, time_point now) {
  const std::string email = lower_case(name);
  auto found = co_await in->in.accounts->find_by_email(email, now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  if (*found) {
    const uuid known_id = (*found)->id;
    std::string address = (*found)->email;
    co_return subject{known_id, std::move(*found), std::move(address)};
  }
  co_return subject{phantom_id(in->keys, email), std::nullopt, email};
}

task<wire_result<caller>> authenticate(service_ptr in, std::string access_token, time_point now) {
  const auto token = co_await in->in.verifier->verify(access_token, now);
  if (!token) {
    const fault& why = token.error();
    if (why.kind != fault_kind::unauthenticated) co_return std::unexpected(to_wire_error(why));
    const std::string_view code = why.codes.empty() ? std::string_view{} : why.codes.front();
    co_return refuse("NotAuthorizedException", code == "token_expired" ? "Access Token has expired"
                                               : code == "token_revoked"
                                                   ? "Access Token has been revoked"
                                                   : "Invalid Access Token");
  }
  auto found = co_await in->in.accounts->find(token->subject, now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  const auto session_id = parse_uuid(token->session);
  if (!*found || !session_id) {
    co_return refuse("NotAuthorizedException", "Access Token has been revoked");
  }
  co_return caller{std::move(**found), *session_id};
}

std::optional<wire_error> check_client(const service& in, std::string_view client_id) {
  if (client_id == in.settings.client_id) return std::nullopt;
  return wire_error{"ResourceNotFoundException", "There is no such user pool client.", 400,
                    std::nullopt};
}

std::optional<wire_error> limit_address(service& in, attempt what, const call& from) {
  const auto wait = in.limits.take_for_address(what, from.address, from.now);
  if (!wait) return std::nullopt;
  return try_later(*wait);
}

std::optional<wire_error> limit_account(service& in, attempt what, std::string_view account,
                                        const call& from) {
  return account_refusal(what, in.limits.take_for_account(what, account, from.address, from.now));
}

std::optional<wire_error> limit_account(service& in, attempt what, std::string_view account,
                                        time_point now) {
  return account_refusal(what, in.limits.take_for_account(what, account, {}, now));
}

heavy_call::heavy_call(service_ptr in)
    : in_{std::move(in)},
      admitted_{in_->heavy_calls.fetch_add(1) < in_->settings.max_heavy_calls} {}

heavy_call::~heavy_call() {
  in_->heavy_calls.fetch_sub(1);
}

wire_error too_busy() {
  return to_wire_error({fault_kind::unavailable, {"server_busy"}, {}, {}, std::chrono::seconds{1}});
}

void give_way() {
  constexpr int niceness = 10;
  thread_local const int lowered = ::setpriority(PRIO_PROCESS, 0, niceness);
  static_cast<void>(lowered);  // where it is not allowed, things go on as they are
}

task<result<password_proof>> prove_password(const service_ptr& in, uuid id, std::string password) {
  auto work = [in, id, password = normalise_password(password)] {
    const std::string name = to_string(id);
    password_proof proof{random_bytes(srp::salt_bytes), {}};
    ++in->hashes;
    const auto verifier = srp::make_verifier(in->pool_name, name, password, proof.salt);
    proof.sealed_verifier = seal(in->keys.verifiers, name, verifier);
    return proof;
  };
  return run_heavy(in, std::move(work));
}

std::string open_verifier(const service& in, const subject& who) {
  if (!who.known) return phantom_verifier(in.keys, who.id);
  auto verifier = unseal(in.keys.verifiers, to_string(who.id), who.known->password.sealed_verifier);
  if (!verifier || verifier->size() != srp::group_bytes) {
    throw std::runtime_error("a password verifier was not sealed with the user pool's secret");
  }
  return std::move(*verifier);
}

task<result<bool>> check_password(const service_ptr& in, subject who, std::string password) {
  auto work = [in, who = std::move(who), password = std::move(password)] {
    const auto salt = who.known ? who.known->password.salt : phantom_salt(in->keys, who.id);
    const auto expected = open_verifier(*in, who);
    const auto is_right = [&](std::string_view given) {
      ++in->hashes;
      const auto verifier = srp::make_verifier(in->pool_name, to_string(who.id), given, salt);
      return equal_constant_time(expected, verifier) && who.known.has_value();
    };
    const std::string normalised = normalise_password(password);
    // An account of before passwords were normalised has its verifier of what was typed.
    return is_right(normalised) || (normalised != password && is_right(password));
  };
  return run_heavy(in, std::move(work));
}

task<> ensure_profile(service_ptr in, account who, time_point now) {
  const auto found = co_await in->in.profiles->find_id(who.id);
  if (found && *found) co_return;
  profile made{make_uuid_v4(), who.handle, who.display_name, {}, now};
  const auto created = co_await in->in.profiles->create(who.id, std::move(made));
  if (created) co_return;
  in->log("could not make the profile of @" + who.handle + ": " + created.error().detail);
}

}  // namespace cruddur::user_pool
