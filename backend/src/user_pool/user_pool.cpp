#include "user_pool/user_pool.hpp"

#include <algorithm>
#include <array>

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
  task<outcome> (*run)(service_ptr, wire_request);
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

wire_answer to_answer(const wire_error& error) {
  wire_answer out{
      .status = error.status,
      .body = json_object{}.text("__type", error.type).text("message", error.message).finish(),
      .headers = {}};
  out.headers.emplace_back("x-amzn-errortype", error.type);
  if (error.retry_after) {
    const std::string wait = std::to_string(error.retry_after->count());
    out.headers.emplace_back("retry-after", wait);
    out.headers.emplace_back("ratelimit", "\"user-pool\";r=0;t=" + wait);
  }
  return out;
}

// Scripts and other sites have no use for it. It opens nothing: whoever has it may try a password
// where strangers may not any more.
std::string cookie_header(const service& pool, std::string_view device) {
  std::string out{device_cookie};
  out.append("=").append(device).append(
      "; Path=/cognito-idp/; HttpOnly; SameSite=Strict; Max-Age=");
  out.append(std::to_string(std::chrono::seconds{sign_in_bounds::known_for}.count()));
  if (pool.settings.issuer.starts_with("https:")) out.append("; Secure");
  return out;
}

fault to_fault(const wire_error& error) {
  return make_fault(fault_kind::invalid, "account_invalid", error.message);
}

}  // namespace

user_pool::user_pool(options settings, parts parts)
    : service_{std::make_shared<service>(std::move(settings), std::move(parts))} {}

user_pool::~user_pool() = default;

task<wire_answer> user_pool::answer(std::string target, std::string body,
                                    std::string remote_address, std::string cookies) {
  const service_ptr pool = service_;
  std::string_view name = target;
  const bool is_prefixed = name.starts_with(target_prefix);
  if (is_prefixed) name.remove_prefix(target_prefix.size());
  const auto* const found = std::ranges::find(operations, name, &operation::name);
  if (!is_prefixed || found == operations.end()) {
    co_return to_answer(
        {"UnknownOperationException", "There is no such operation.", 400, std::nullopt});
  }
  auto parsed = parse_body(body);
  if (!parsed) co_return to_answer(parsed.error());
  const auto device = std::make_shared<std::string>();
  wire_request request{std::move(*parsed), std::move(remote_address), pool->time->now(),
                       std::move(cookies), device};
  auto answered = co_await found->run(pool, std::move(request));
  if (!answered) co_return to_answer(answered.error());
  wire_answer out{.status = 200, .body = std::move(*answered), .headers = {}};
  if (!device->empty()) out.headers.emplace_back("set-cookie", cookie_header(*pool, *device));
  co_return out;
}

std::uint64_t user_pool::hashes() const {
  return service_->hashes.load();
}

std::string user_pool::jwks() const {
  return service_->signer->jwks();
}

std::string user_pool::discovery() const {
  const std::string& issuer = service_->settings.issuer;
  return json_object{}
      .text("issuer", issuer)
      .text("jwks_uri", issuer + "/.well-known/jwks.json")
      .json("id_token_signing_alg_values_supported", json_array{}.text("RS256").finish())
      .json("response_types_supported", json_array{}.text("token").finish())
      .json("subject_types_supported", json_array{}.text("public").finish())
      .finish();
}

task<> user_pool::sweep() {
  const service_ptr pool = service_;
  const time_point now = pool->time->now();
  const auto sessions = co_await pool->sessions->sweep(now);
  const auto accounts = co_await pool->accounts->sweep(now);
  const auto tries = co_await pool->tries->sweep(now);
  if (!sessions || !accounts || !tries) pool->log("could not sweep the user pool");
}

task<result<uuid>> user_pool::add_account(std::string email, std::string handle,
                                          std::string display_name, std::string password) {
  const service_ptr pool = service_;
  const time_point now = pool->time->now();
  auto input = check_sign_up(email, handle, display_name, std::move(password));
  if (!input) co_return std::unexpected(to_fault(input.error()));
  account made{.id = make_uuid_v4(),
               .email = input->email,
               .handle = input->handle,
               .display_name = input->display_name,
               .created_at = now};
  auto proof = co_await prove_password(pool, made.id, std::move(input->password));
  if (!proof) co_return std::unexpected(proof.error());
  made.password = std::move(*proof);
  const mailed_code code{
      code_purpose::sign_up, random_bytes(32), {}, now + std::chrono::minutes{1}, random_bytes(16)};
  const auto created = co_await pool->accounts->create(made, code, code.expires_at);
  if (!created) co_return std::unexpected(created.error());
  const auto confirmed = co_await pool->accounts->confirm(made.id, code.hash, now);
  if (!confirmed) co_return std::unexpected(confirmed.error());
  profile profile{make_uuid_v4(), made.handle, made.display_name, {}, now};
  const uuid id = profile.id;
  const auto profiled = co_await pool->profiles->create(made.id, std::move(profile));
  if (!profiled) co_return std::unexpected(profiled.error());
  co_return id;
}

}  // namespace cruddur::user_pool
