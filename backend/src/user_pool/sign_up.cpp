#include "user_pool/sign_up.hpp"

#include "user_pool/attributes.hpp"
#include "user_pool/codes.hpp"
#include "user_pool/session_start.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

wire_error email_taken() {
  return {"UsernameExistsException", "An account with the given email already exists.", 400,
          std::nullopt};
}

wire_error handle_taken() {
  return {"AliasExistsException", "Somebody has that handle already.", 400, std::nullopt};
}

wire_error explain(const fault& from) {
  if (from.kind != fault_kind::conflict) return to_wire_error(from);
  return from.field == "handle" ? handle_taken() : email_taken();
}

// A profile may have the handle although no account has.
task<wire_result<void>> check_names_free(service_ptr in, sign_up_input wanted, time_point now) {
  const auto by_email = co_await in->in.accounts->find_by_email(wanted.email, now);
  if (!by_email) co_return std::unexpected(to_wire_error(by_email.error()));
  // An email that nobody has confirmed is nobody's: whoever signs up now takes it.
  if (*by_email && (*by_email)->status == account_status::confirmed) {
    co_return std::unexpected(email_taken());
  }
  const auto by_handle = co_await in->in.accounts->find_by_handle(wanted.handle, now);
  if (!by_handle) co_return std::unexpected(to_wire_error(by_handle.error()));
  const auto profile = co_await in->in.profiles->find_by_handle(wanted.handle);
  if (!profile) co_return std::unexpected(to_wire_error(profile.error()));
  const auto reserved =
      co_await in->in.accounts->is_reserved(hash_handle(in->keys, wanted.handle), now);
  if (!reserved) co_return std::unexpected(to_wire_error(reserved.error()));
  const bool replaced = *by_handle && *by_email && (*by_handle)->id == (*by_email)->id;
  if ((*by_handle && !replaced) || *profile || *reserved) {
    co_return std::unexpected(handle_taken());
  }
  co_return wire_result<void>{};
}

struct code_input {
  std::string username;
  std::string code;
};

wire_result<code_input> read_code_call(const service& in, const call& from) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  code_input out{fields.text("Username", max_username_bytes), fields.text("ConfirmationCode", 64)};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(in, client)) return std::unexpected(std::move(*error));
  return out;
}

}  // namespace

task<outcome> sign_up(service_ptr in, call from) {
  auto wanted = read_sign_up(*in, from.body);
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  if (auto error = limit_address(*in, attempt::sign_up, from)) {
    co_return std::unexpected(std::move(*error));
  }
  if (auto error = limit_account(*in, attempt::sign_up, wanted->email, from)) {
    co_return std::unexpected(std::move(*error));
  }
  // Held for the password's work only: mail may take long.
  std::optional<heavy_call> place{std::in_place, in};
  if (!*place) co_return std::unexpected(too_busy());
  const auto free = co_await check_names_free(in, *wanted, from.now);
  if (!free) co_return std::unexpected(free.error());
  const auto mailable =
      co_await in->in.accounts->take_mail(hash_destination(in->keys, wanted->email), from.now);
  if (!mailable) co_return std::unexpected(to_wire_error(mailable.error()));
  if (!*mailable) co_return std::unexpected(too_many_mails());

  account made{.id = make_uuid_v4(),
               .email = wanted->email,
               .handle = wanted->handle,
               .display_name = wanted->display_name,
               .created_at = from.now};
  auto proof = co_await prove_password(in, made.id, std::move(wanted->password));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  made.password = std::move(*proof);
  place.reset();

  auto code = make_code(*in, made.id, code_purpose::sign_up, {}, from.now);
  const time_point pending_until = code.kept.expires_at;
  const auto created = co_await in->in.accounts->create(made, code.kept, pending_until);
  if (!created) co_return std::unexpected(explain(created.error()));

  const auto mailed = co_await mail_code(in, std::move(code), made.email, made);
  if (!mailed) co_return std::unexpected(mailed.error());
  boost::json::object answer{{"UserConfirmed", false}, {"UserSub", to_string(made.id)}};
  answer["CodeDeliveryDetails"] = delivery_details(made.email);
  co_return answer;
}

task<outcome> confirm_sign_up(service_ptr in, call from) {
  auto input = read_code_call(*in, from);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*in, attempt::code, from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto who = co_await look_up(in, input->username, from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  if (auto error = limit_account(*in, attempt::code, to_string(who->id), from)) {
    co_return std::unexpected(std::move(*error));
  }

  const auto confirmed = co_await in->in.accounts->confirm(
      who->id, hash_code(*in, who->id, code_purpose::sign_up, input->code), from.now);
  if (!confirmed) co_return std::unexpected(to_wire_error(confirmed.error()));
  if (*confirmed == code_outcome::used) {
    co_return refuse("NotAuthorizedException",
                     "User cannot be confirmed. Current status is CONFIRMED");
  }
  if (auto error = code_error(*confirmed)) co_return std::unexpected(std::move(*error));
  password_try proved{who->id, place_of(in->keys, who->id, from.address, from.cookies)};
  co_await remember_place(in, std::move(proved), from.device, from.now);
  if (who->known) co_await ensure_profile(in, std::move(*who->known), from.now);
  co_return boost::json::object{};
}

task<outcome> resend_confirmation_code(service_ptr in, call from) {
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
  // A confirmed account gets no mail, but the same answer after the same work.
  const bool wanted = who->known && who->known->status == account_status::unconfirmed;
  const auto offered =
      co_await offer_code(in, std::move(*who), wanted, code_purpose::sign_up, from.now);
  if (!offered) co_return std::unexpected(offered.error());
  co_return answer;
}

}  // namespace cruddur::user_pool
