#include "user_pool/sign_up.hpp"

#include "base/json_writer.hpp"
#include "user_pool/codes.hpp"
#include "user_pool/input.hpp"
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

wire_error explain(const fault& fault) {
  if (fault.kind != fault_kind::conflict) return to_wire_error(fault);
  return fault.field == "handle" ? handle_taken() : email_taken();
}

// A profile may have the handle although no account has.
task<wire_result<void>> check_names_free(service_ptr pool, sign_up_input input, time_point now) {
  const auto by_email = co_await pool->accounts->find_by_email(input.email, now);
  if (!by_email) co_return std::unexpected(to_wire_error(by_email.error()));
  // An email that nobody has confirmed is nobody's: whoever signs up now takes it.
  if (*by_email && (*by_email)->status == account_status::confirmed) {
    co_return std::unexpected(email_taken());
  }
  const auto by_handle = co_await pool->accounts->find_by_handle(input.handle, now);
  if (!by_handle) co_return std::unexpected(to_wire_error(by_handle.error()));
  const auto profile = co_await pool->profiles->find_by_handle(input.handle);
  if (!profile) co_return std::unexpected(to_wire_error(profile.error()));
  const auto reserved = co_await pool->accounts->is_reserved(input.handle, now);
  if (!reserved) co_return std::unexpected(to_wire_error(reserved.error()));
  const bool is_replaced = *by_handle && *by_email && (*by_handle)->id == (*by_email)->id;
  if ((*by_handle && !is_replaced) || *profile || *reserved) {
    co_return std::unexpected(handle_taken());
  }
  co_return wire_result<void>{};
}

struct confirmation_input {
  std::string username;
  std::string code;
};

wire_result<confirmation_input> read_confirmation(const service& pool,
                                                  const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  confirmation_input out{fields.text("Username", max_username_bytes),
                         fields.text("ConfirmationCode", max_code_bytes)};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));
  return out;
}

}  // namespace

task<outcome> sign_up(service_ptr pool, wire_request request) {
  auto input = read_sign_up(*pool, request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*pool, attempt::sign_up, request)) {
    co_return std::unexpected(std::move(*error));
  }
  if (auto error = limit_account(*pool, attempt::sign_up, input->email, request)) {
    co_return std::unexpected(std::move(*error));
  }
  // Held for the password's work only: mail may take long.
  std::optional<admission> admitted{std::in_place, pool};
  if (!*admitted) co_return std::unexpected(too_busy());
  const auto free = co_await check_names_free(pool, *input, request.now);
  if (!free) co_return std::unexpected(free.error());
  const auto mailable = co_await pool->accounts->take_mail(input->email, request.now);
  if (!mailable) co_return std::unexpected(to_wire_error(mailable.error()));
  if (!*mailable) co_return std::unexpected(too_many_mails());

  account made{.id = make_uuid_v4(),
               .email = input->email,
               .handle = input->handle,
               .display_name = input->display_name,
               .created_at = request.now};
  auto proof = co_await prove_password(pool, made.id, std::move(input->password));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  made.password = std::move(*proof);
  admitted.reset();

  auto code = make_code(*pool, made.id, code_purpose::sign_up, {}, request.now);
  const time_point pending_until = code.kept.expires_at;
  const auto created = co_await pool->accounts->create(made, code.kept, pending_until);
  if (!created) co_return std::unexpected(explain(created.error()));

  const auto mailed = co_await mail_code(pool, std::move(code), made.email, made);
  if (!mailed) co_return std::unexpected(mailed.error());
  co_return json_object{}
      .boolean("UserConfirmed", false)
      .text("UserSub", to_string(made.id))
      .json("CodeDeliveryDetails", delivery_details(made.email))
      .finish();
}

task<outcome> confirm_sign_up(service_ptr pool, wire_request request) {
  auto input = read_confirmation(*pool, request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*pool, attempt::code, request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto found = co_await look_up(pool, input->username, request.now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (auto error = limit_account(*pool, attempt::code, to_string(found->id), request)) {
    co_return std::unexpected(std::move(*error));
  }

  const auto confirmed = co_await pool->accounts->confirm(
      found->stored_id, hash_code(*pool, found->stored_id, code_purpose::sign_up, input->code),
      request.now);
  if (!confirmed) co_return std::unexpected(to_wire_error(confirmed.error()));
  if (*confirmed == code_outcome::used) {
    co_return refuse("NotAuthorizedException",
                     "User cannot be confirmed. Current status is CONFIRMED");
  }
  if (auto error = code_error(*confirmed)) co_return std::unexpected(std::move(*error));
  password_try proved{found->stored_id,
                      place_of(pool->keys, found->stored_id, request.address, request.cookies)};
  co_await remember_place(pool, std::move(proved), request.device, request.now);
  if (found->account) co_await ensure_profile(pool, std::move(*found->account), request.now);
  co_return "{}";
}

task<outcome> resend_confirmation_code(service_ptr pool, wire_request request) {
  auto username = read_username(*pool, request);
  if (!username) co_return std::unexpected(std::move(username.error()));
  if (auto error = limit_address(*pool, attempt::mail, request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto found = co_await look_up(pool, std::move(*username), request.now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (auto error = limit_account(*pool, attempt::mail, to_string(found->id), request)) {
    co_return std::unexpected(std::move(*error));
  }

  const auto details = delivery_details(found->address);
  // A confirmed account gets no mail, but the same answer after the same work.
  const bool is_wanted = found->account && found->account->status == account_status::unconfirmed;
  const auto offered =
      co_await offer_code(pool, std::move(*found), is_wanted, code_purpose::sign_up, request.now);
  if (!offered) co_return std::unexpected(offered.error());
  co_return json_object{}.json("CodeDeliveryDetails", details).finish();
}

}  // namespace cruddur::user_pool
