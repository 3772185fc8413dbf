#include "user_pool/user_pool.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>

#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "user_pool/account.hpp"
#include "user_pool/password.hpp"
#include "user_pool/places.hpp"
#include "user_pool/refresh.hpp"
#include "user_pool/sign_in.hpp"
#include "user_pool/sign_up.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::string_view target_prefix = "AWSCognitoIdentityProviderService.";

struct operation {
  std::string_view name;
  task<outcome> (*run)(service_ptr, call);
};

constexpr std::array operations = {
    operation{"SignUp", sign_up},
    operation{"ConfirmSignUp", confirm_sign_up},
    operation{"ResendConfirmationCode", resend_confirmation_code},
    operation{"InitiateAuth", initiate_auth},
    operation{"RespondToAuthChallenge", respond_to_auth_challenge},
    operation{"GetTokensFromRefreshToken", get_tokens_from_refresh_token},
    operation{"RevokeToken", revoke_token},
    operation{"GlobalSignOut", global_sign_out},
    operation{"ForgotPassword", forgot_password},
    operation{"ConfirmForgotPassword", confirm_forgot_password},
    operation{"ChangePassword", change_password},
    operation{"GetUser", get_user},
    operation{"UpdateUserAttributes", update_user_attributes},
    operation{"GetUserAttributeVerificationCode", get_user_attribute_verification_code},
    operation{"VerifyUserAttribute", verify_user_attribute},
    operation{"DeleteUser", delete_user},
};

wire_answer to_answer(const wire_error& from) {
  wire_answer out{.status = from.status, .body = R"({"__type":)", .headers = {}};
  append_json_string(out.body, from.type);
  out.body.append(R"(,"message":)");
  append_json_string(out.body, from.message);
  out.body.append("}");
  out.headers.emplace_back("x-amzn-errortype", from.type);
  if (from.retry_after) {
    const std::string wait = std::to_string(from.retry_after->count());
    out.headers.emplace_back("retry-after", wait);
    out.headers.emplace_back("ratelimit", "\"user-pool\";r=0;t=" + wait);
  }
  return out;
}

// Of no use to scripts or other sites. It opens nothing: whoever has it may try a password where
// strangers may not any more.
std::string cookie_header(const service& in, std::string_view device) {
  std::string out{device_cookie};
  out.append("=").append(device).append(
      "; Path=/cognito-idp/; HttpOnly; SameSite=Strict; Max-Age=");
  out.append(std::to_string(std::chrono::seconds{sign_in_bounds::known_for}.count()));
  if (in.settings.issuer.starts_with("https:")) out.append("; Secure");
  return out;
}

fault to_fault(const wire_error& from) {
  return {fault_kind::invalid, {"account_invalid"}, from.message, {}, std::nullopt};
}

}  // namespace

user_pool::user_pool(options settings, parts of)
    : service_{std::make_shared<service>(std::move(settings), std::move(of))} {}

user_pool::~user_pool() = default;

task<wire_answer> user_pool::answer(std::string target, std::string body,
                                    std::string remote_address, std::string cookies) {
  const service_ptr in = service_;
  std::string_view name = target;
  const bool prefixed = name.starts_with(target_prefix);
  if (prefixed) name.remove_prefix(target_prefix.size());
  const auto* const found = std::ranges::find(operations, name, &operation::name);
  if (!prefixed || found == operations.end()) {
    co_return to_answer(
        {"UnknownOperationException", "There is no such operation.", 400, std::nullopt});
  }
  auto parsed = parse_body(body);
  if (!parsed) co_return to_answer(parsed.error());
  const auto device = std::make_shared<std::string>();
  call from{std::move(*parsed), std::move(remote_address), in->in.time->now(), std::move(cookies),
            device};
  const auto given = co_await found->run(in, std::move(from));
  if (!given) co_return to_answer(given.error());
  wire_answer out{.status = 200, .body = boost::json::serialize(*given), .headers = {}};
  if (!device->empty()) out.headers.emplace_back("set-cookie", cookie_header(*in, *device));
  co_return out;
}

std::uint64_t user_pool::hashes() const {
  return service_->hashes.load();
}

std::string user_pool::jwks() const {
  return service_->in.key->jwks();
}

std::string user_pool::discovery() const {
  const std::string& issuer = service_->settings.issuer;
  std::string out{R"({"issuer":)"};
  append_json_string(out, issuer);
  out.append(R"(,"jwks_uri":)");
  append_json_string(out, issuer + "/.well-known/jwks.json");
  out.append(R"(,"id_token_signing_alg_values_supported":["RS256"],)"
             R"("response_types_supported":["token"],"subject_types_supported":["public"]})");
  return out;
}

task<> user_pool::sweep() {
  const service_ptr in = service_;
  const time_point now = in->in.time->now();
  const auto sessions = co_await in->in.sessions->sweep(now);
  const auto accounts = co_await in->in.accounts->sweep(now);
  const auto tries = co_await in->in.tries->sweep(now);
  if (!sessions || !accounts || !tries) in->log("could not sweep the user pool");
}

task<result<uuid>> user_pool::add_account(std::string email, std::string handle,
                                          std::string display_name, std::string password) {
  const service_ptr in = service_;
  const time_point now = in->in.time->now();
  auto wanted = check_sign_up(email, handle, display_name, std::move(password));
  if (!wanted) co_return std::unexpected(to_fault(wanted.error()));
  account made{.id = make_uuid_v4(),
               .email = wanted->email,
               .handle = wanted->handle,
               .display_name = wanted->display_name,
               .created_at = now};
  auto proof = co_await prove_password(in, made.id, std::move(wanted->password));
  if (!proof) co_return std::unexpected(proof.error());
  made.password = std::move(*proof);
  const mailed_code code{
      code_purpose::sign_up, random_bytes(32), {}, now + std::chrono::minutes{1}, random_bytes(16)};
  const auto created = co_await in->in.accounts->create(made, code, code.expires_at);
  if (!created) co_return std::unexpected(created.error());
  const auto confirmed = co_await in->in.accounts->confirm(made.id, code.hash, now);
  if (!confirmed) co_return std::unexpected(confirmed.error());
  profile person{make_uuid_v4(), made.handle, made.display_name, {}, now};
  const uuid id = person.id;
  const auto profiled = co_await in->in.profiles->create(made.id, std::move(person));
  if (!profiled) co_return std::unexpected(profiled.error());
  co_return id;
}

}  // namespace cruddur::user_pool
