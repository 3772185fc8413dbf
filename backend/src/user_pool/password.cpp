#include "user_pool/password.hpp"

#include "user_pool/codes.hpp"
#include "user_pool/session_start.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::size_t max_typed_password = max_password_bytes;

struct reset_input {
  std::string username;
  std::string code;
  std::string password;
};

wire_result<reset_input> read_reset(const service& in, const call& from) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  reset_input out{fields.text("Username", max_username_bytes), fields.text("ConfirmationCode", 64),
                  fields.text("Password", max_typed_password)};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(in, client)) return std::unexpected(std::move(*error));
  return out;
}

}  // namespace

// An account that was never confirmed may be reset too: the code proves the email as well as a
// sign-up's would.
task<outcome> forgot_password(service_ptr in, call from) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  auto username = fields.text("Username", max_username_bytes);
  if (fields.error()) co_return std::unexpected(*fields.error());
  if (auto error = check_client(*in, client)) co_return std::unexpected(std::move(*error));
  if (auto error = limit_address(*in, attempt::mail, from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto who = co_await look_up(in, std::move(username), from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  if (auto error = limit_account(*in, attempt::mail, to_string(who->id), from)) {
    co_return std::unexpected(std::move(*error));
  }
  boost::json::object answer;
  answer["CodeDeliveryDetails"] = delivery_details(who->address);
  const bool wanted = who->known.has_value();
  const auto offered =
      co_await offer_code(in, std::move(*who), wanted, code_purpose::password_reset, from.now);
  if (!offered) co_return std::unexpected(offered.error());
  co_return answer;
}

task<outcome> confirm_forgot_password(service_ptr in, call from) {
  auto input = read_reset(*in, from);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*in, attempt::code, from)) {
    co_return std::unexpected(std::move(*error));
  }
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  auto who = co_await look_up(in, input->username, from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  if (auto error = limit_account(*in, attempt::code, to_string(who->id), from)) {
    co_return std::unexpected(std::move(*error));
  }
  // Compared with what the caller knows only, so that an unknown account's answer is the same.
  if (auto error = check_new_password(input->password, who->address, {})) {
    co_return std::unexpected(std::move(*error));
  }
  auto proof = co_await prove_password(in, who->id, std::move(input->password));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  const auto reset = co_await in->in.accounts->reset_password(
      who->id, hash_code(*in, who->id, code_purpose::password_reset, input->code),
      std::move(*proof), from.now);
  if (!reset) co_return std::unexpected(to_wire_error(reset.error()));
  if (auto error = code_error(*reset)) co_return std::unexpected(std::move(*error));

  co_await in->in.monitor->revoked();
  password_try proved{who->id, place_of(in->keys, who->id, from.address, from.cookies)};
  co_await remember_place(in, std::move(proved), from.device, from.now);
  if (who->known) co_await ensure_profile(in, std::move(*who->known), from.now);
  co_return boost::json::object{};
}

task<outcome> change_password(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  auto previous = fields.text("PreviousPassword", max_typed_password);
  auto proposed = fields.text("ProposedPassword", max_typed_password);
  if (fields.error()) co_return std::unexpected(*fields.error());
  if (auto error = limit_address(*in, attempt::sign_in, from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto who = co_await authenticate(in, std::move(token), from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  const uuid id = who->who.id;
  if (auto error = check_new_password(proposed, who->who.email, who->who.handle)) {
    co_return std::unexpected(std::move(*error));
  }
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  // Who is signed in tries at a place of the account's own, wherever that is.
  const subject owner{id, std::move(who->who), {}};
  auto tried = co_await try_password(in, id, to_string(who->session_id), {}, from.now,
                                     check_password(in, owner, std::move(previous)));
  if (!tried) co_return std::unexpected(std::move(tried.error()));
  if (!tried->right) {
    co_return refuse("NotAuthorizedException", "Incorrect username or password.");
  }
  co_await remember_place(in, std::move(*tried), nullptr, from.now);
  auto proof = co_await prove_password(in, id, std::move(proposed));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  const auto changed =
      co_await in->in.accounts->change_password(id, std::move(*proof), who->session_id, from.now);
  if (!changed) co_return std::unexpected(to_wire_error(changed.error()));
  co_await in->in.monitor->revoked();
  co_return boost::json::object{};
}

}  // namespace cruddur::user_pool
