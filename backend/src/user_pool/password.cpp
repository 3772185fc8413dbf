#include "user_pool/password.hpp"

#include "base/json_writer.hpp"
#include "user_pool/codes.hpp"
#include "user_pool/input.hpp"
#include "user_pool/session_start.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

struct reset_input {
  std::string username;
  std::string code;
  std::string password;
};

wire_result<reset_input> read_reset(const service& pool, const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  reset_input out{fields.text("Username", max_username_bytes),
                  fields.text("ConfirmationCode", max_code_bytes),
                  fields.text("Password", max_password_bytes)};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));
  return out;
}

struct new_password_input {
  std::string token;
  std::string previous;
  std::string proposed;
};

wire_result<new_password_input> read_new_password(const wire_request& request) {
  field_reader fields{request.body};
  new_password_input out{fields.text("AccessToken", max_token_bytes),
                         fields.text("PreviousPassword", max_password_bytes),
                         fields.text("ProposedPassword", max_password_bytes)};
  if (fields.error()) return std::unexpected(*fields.error());
  return out;
}

}  // namespace

// An account that was never confirmed may be reset too: the code proves the email as well as a
// sign-up's would.
task<outcome> forgot_password(service_ptr pool, wire_request request) {
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
  const bool is_wanted = found->account.has_value();
  const auto offered = co_await offer_code(pool, std::move(*found), is_wanted,
                                           code_purpose::password_reset, request.now);
  if (!offered) co_return std::unexpected(offered.error());
  co_return json_object{}.json("CodeDeliveryDetails", details).finish();
}

task<outcome> confirm_forgot_password(service_ptr pool, wire_request request) {
  auto input = read_reset(*pool, request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*pool, attempt::code, request)) {
    co_return std::unexpected(std::move(*error));
  }
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  auto found = co_await look_up(pool, input->username, request.now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (auto error = limit_account(*pool, attempt::code, to_string(found->id), request)) {
    co_return std::unexpected(std::move(*error));
  }
  // Compared with what the caller knows only, so that an unknown account's answer is the same.
  if (auto error = check_new_password(input->password, found->address, {})) {
    co_return std::unexpected(std::move(*error));
  }
  auto proof = co_await prove_password(pool, found->id, std::move(input->password));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  const auto reset = co_await pool->accounts->reset_password(
      found->stored_id,
      hash_code(*pool, found->stored_id, code_purpose::password_reset, input->code),
      std::move(*proof), request.now);
  if (!reset) co_return std::unexpected(to_wire_error(reset.error()));
  if (auto error = code_error(*reset)) co_return std::unexpected(std::move(*error));

  co_await pool->monitor->revoked();
  password_try proved{found->stored_id,
                      place_of(pool->keys, found->stored_id, request.address, request.cookies)};
  co_await remember_place(pool, std::move(proved), request.device, request.now);
  if (found->account) co_await ensure_profile(pool, std::move(*found->account), request.now);
  co_return "{}";
}

task<outcome> change_password(service_ptr pool, wire_request request) {
  auto input = read_new_password(request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*pool, attempt::sign_in, request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto caller = co_await authenticate(pool, std::move(input->token), request.now);
  if (!caller) co_return std::unexpected(std::move(caller.error()));
  const account& account = caller->account;
  const uuid id = account.id;
  if (auto error = check_new_password(input->proposed, account.email, account.handle)) {
    co_return std::unexpected(std::move(*error));
  }
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  // Whoever is signed in tries at a place that is the session's own, wherever they are.
  auto check = check_password(pool, {id, id, account, {}}, std::move(input->previous));
  auto tried = co_await try_password(pool, id, to_string(caller->session_id), {}, request.now,
                                     std::move(check));
  if (!tried) co_return std::unexpected(std::move(tried.error()));
  if (!tried->is_right) {
    co_return refuse("NotAuthorizedException", "Incorrect username or password.");
  }
  co_await remember_place(pool, std::move(*tried), nullptr, request.now);
  auto proof = co_await prove_password(pool, id, std::move(input->proposed));
  if (!proof) co_return std::unexpected(to_wire_error(proof.error()));
  const auto changed = co_await pool->accounts->change_password(id, std::move(*proof),
                                                                caller->session_id, request.now);
  if (!changed) co_return std::unexpected(to_wire_error(changed.error()));
  co_await pool->monitor->revoked();
  co_return "{}";
}

}  // namespace cruddur::user_pool
