#include "user_pool/account.hpp"

#include <boost/asio/this_coro.hpp>

#include "base/json_writer.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/codes.hpp"
#include "user_pool/input.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

wire_error not_writable() {
  return {"NotAuthorizedException", "A client attempted to write unauthorized attribute", 400,
          std::nullopt};
}

wire_error email_exists() {
  return {"AliasExistsException", "Somebody has that email already.", 400, std::nullopt};
}

struct change_input {
  std::string token;
  std::optional<std::string> email;
  std::optional<std::string> handle;
  std::optional<std::string> display_name;
};

wire_result<change_input> read_change(const wire_request& request) {
  field_reader fields{request.body};
  change_input out;
  out.token = fields.text("AccessToken", max_token_bytes);
  const auto attributes = fields.attributes("UserAttributes");
  if (fields.error()) return std::unexpected(*fields.error());
  for (const auto& [name, value] : attributes) {
    if (name == "email") {
      out.email = parse_email(value);
      if (!out.email) return refuse("InvalidParameterException", "Invalid email address format.");
    } else if (name == "preferred_username") {
      auto handle = read_handle(value);
      if (!handle) return std::unexpected(std::move(handle.error()));
      out.handle = std::move(*handle);
    } else if (name == "name") {
      auto display_name = read_display_name(value);
      if (!display_name) return std::unexpected(std::move(display_name.error()));
      out.display_name = std::move(*display_name);
    } else {
      return std::unexpected(not_writable());
    }
  }
  return out;
}

// Handle and display name are the profile's, and nobody changes them here; to repeat them is no
// change.
bool changes_names(const change_input& change, const account& account) {
  return change.handle.value_or(account.handle) != account.handle ||
         change.display_name.value_or(account.display_name) != account.display_name;
}

wire_error unknown_attribute() {
  return {"InvalidParameterException", "Only the email can be verified.", 400, std::nullopt};
}

// {AccessToken, AttributeName}; the token.
wire_result<std::string> read_code_request(const wire_request& request) {
  field_reader fields{request.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  const auto name = fields.text("AttributeName", 64);
  if (fields.error()) return std::unexpected(*fields.error());
  if (name != "email") return std::unexpected(unknown_attribute());
  return token;
}

struct verification_input {
  std::string token;
  std::string code;
};

wire_result<verification_input> read_verification(const wire_request& request) {
  field_reader fields{request.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  const auto name = fields.text("AttributeName", 64);
  auto code = fields.text("Code", max_code_bytes);
  if (fields.error()) return std::unexpected(*fields.error());
  if (name != "email") return std::unexpected(unknown_attribute());
  return verification_input{std::move(token), std::move(code)};
}

// Mails a code to the address that is to become the account's, and gives the delivery's details.
task<outcome> send_email_code(service_ptr pool, wire_request request, account account,
                              std::string email) {
  if (auto error = limit_account(*pool, attempt::mail, to_string(account.id), request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto code = make_code(*pool, account.id, code_purpose::email_change, email, request.now);
  const auto offered =
      co_await pool->accounts->offer_code(account.id, code.kept, email, request.now);
  if (!offered) co_return std::unexpected(to_wire_error(offered.error()));
  if (!offered->mailable) co_return std::unexpected(too_many_mails());
  auto details = delivery_details(email);
  code.digits = code_digits(*pool, account.id, code_purpose::email_change, offered->seed);
  const auto mailed = co_await mail_code(pool, std::move(code), std::move(email), account);
  if (!mailed) co_return std::unexpected(mailed.error());
  co_return details;
}

std::string write_attribute(std::string_view name, std::string_view value) {
  return json_object{}.text("Name", name).text("Value", value).finish();
}

}  // namespace

task<outcome> get_user(service_ptr pool, wire_request request) {
  auto token = read_access_token(request);
  if (!token) co_return std::unexpected(std::move(token.error()));
  const auto caller = co_await authenticate(pool, std::move(*token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& account = caller->account;
  const std::string attributes =
      json_array{}
          .json(write_attribute("sub", to_string(account.id)))
          .json(write_attribute("email", account.email))
          .json(write_attribute("email_verified", account.email_verified ? "true" : "false"))
          .json(write_attribute("name", account.display_name))
          .json(write_attribute("preferred_username", account.handle))
          .finish();
  co_return json_object{}
      .text("Username", to_string(account.id))
      .json("UserAttributes", attributes)
      .finish();
}

// A new email waits until its code comes back; the old one stays in use till then.
task<outcome> update_user_attributes(service_ptr pool, wire_request request) {
  auto change = read_change(request);
  if (!change) co_return std::unexpected(std::move(change.error()));
  const auto caller = co_await authenticate(pool, std::move(change->token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& account = caller->account;
  if (changes_names(*change, account)) co_return std::unexpected(not_writable());

  json_array deliveries;
  if (change->email && *change->email != account.email) {
    if (auto error = limit_address(*pool, attempt::mail, request)) {
      co_return std::unexpected(std::move(*error));
    }
    const auto other = co_await pool->accounts->find_by_email(*change->email, request.now);
    if (!other) co_return std::unexpected(to_wire_error(other.error()));
    if (*other) co_return std::unexpected(email_exists());
    const auto sent = co_await send_email_code(pool, request, account, *change->email);
    if (!sent) co_return std::unexpected(sent.error());
    deliveries.json(*sent);
  }
  co_return json_object{}.json("CodeDeliveryDetailsList", deliveries.finish()).finish();
}

task<outcome> get_user_attribute_verification_code(service_ptr pool, wire_request request) {
  auto token = read_code_request(request);
  if (!token) co_return std::unexpected(std::move(token.error()));
  if (auto error = limit_address(*pool, attempt::mail, request)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto caller = co_await authenticate(pool, std::move(*token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& account = caller->account;
  const auto waiting =
      co_await pool->accounts->code_address(account.id, code_purpose::email_change, request.now);
  if (!waiting) co_return std::unexpected(to_wire_error(waiting.error()));
  const auto sent =
      co_await send_email_code(pool, request, account, waiting->value_or(account.email));
  if (!sent) co_return std::unexpected(sent.error());
  co_return json_object{}.json("CodeDeliveryDetails", *sent).finish();
}

task<outcome> verify_user_attribute(service_ptr pool, wire_request request) {
  auto input = read_verification(request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (auto error = limit_address(*pool, attempt::code, request)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto caller = co_await authenticate(pool, std::move(input->token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& account = caller->account;
  if (auto error = limit_account(*pool, attempt::code, to_string(account.id), request)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto changed = co_await pool->accounts->change_email(
      account.id, hash_code(*pool, account.id, code_purpose::email_change, input->code),
      request.now);
  if (!changed) {
    co_return std::unexpected(changed.error().kind == fault_kind::conflict
                                  ? email_exists()
                                  : to_wire_error(changed.error()));
  }
  if (auto error = code_error(*changed)) co_return std::unexpected(std::move(*error));
  const auto current = co_await pool->accounts->find(account.id, request.now);
  if (current && *current && (*current)->email != account.email) {
    const auto loop = co_await boost::asio::this_coro::executor;
    mail_notice_later(loop, pool, account.email, account.handle);
  }
  co_return "{}";
}

// The account ends in one transaction, which also hides what the app keeps of the person; that is
// then deleted, now or, after a failure, by the sweeper.
task<outcome> delete_user(service_ptr pool, wire_request request) {
  auto token = read_access_token(request);
  if (!token) co_return std::unexpected(std::move(token.error()));
  const auto caller = co_await authenticate(pool, std::move(*token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const uuid id = caller->account.id;
  const auto removed = co_await pool->accounts->remove(id, caller->account.handle, request.now);
  if (!removed) co_return std::unexpected(to_wire_error(removed.error()));
  co_await pool->monitor->revoked();
  if (pool->settings.on_delete) {
    const auto deleted = co_await pool->settings.on_delete(id, caller->account.email);
    if (!deleted) {
      pool->log("what a removed account left is deleted later: " + deleted.error().detail);
    }
  }
  co_return "{}";
}

}  // namespace cruddur::user_pool
