#include "user_pool/account.hpp"

#include <boost/asio/this_coro.hpp>

#include "user_pool/attributes.hpp"
#include "user_pool/codes.hpp"
#include "user_pool/sign_up_rules.hpp"

namespace cruddur::user_pool {
namespace {

namespace json = boost::json;

json::object attribute(std::string_view name, std::string_view value) {
  return {{"Name", name}, {"Value", value}};
}

wire_error not_writable() {
  return {"NotAuthorizedException", "A client attempted to write unauthorized attribute", 400,
          std::nullopt};
}

struct attribute_changes {
  std::optional<std::string> email;
  std::optional<std::string> handle;
  std::optional<std::string> display_name;
};

wire_result<attribute_changes> read_changes(
    const std::vector<std::pair<std::string, std::string>>& attributes) {
  attribute_changes out;
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

wire_error email_exists() {
  return {"AliasExistsException", "Somebody has that email already.", 400, std::nullopt};
}

// Handle and display name are the profile's, and nobody changes them here; to repeat them is no
// change.
bool changes_names(const attribute_changes& changes, const account& who) {
  return changes.handle.value_or(who.handle) != who.handle ||
         changes.display_name.value_or(who.display_name) != who.display_name;
}

// Mails a code to the address that is to become the account's.
task<outcome> send_email_code(service_ptr in, call from, account who, std::string email) {
  if (auto error = limit_account(*in, attempt::mail, to_string(who.id), from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto code = make_code(*in, who.id, code_purpose::email_change, email, from.now);
  const auto offered = co_await in->in.accounts->offer_code(
      who.id, code.kept, hash_destination(in->keys, email), from.now);
  if (!offered) co_return std::unexpected(to_wire_error(offered.error()));
  if (!offered->mailable) co_return std::unexpected(too_many_mails());
  auto details = delivery_details(email);
  code.digits = code_digits(*in, who.id, code_purpose::email_change, offered->seed);
  const auto mailed = co_await mail_code(in, std::move(code), std::move(email), who);
  if (!mailed) co_return std::unexpected(mailed.error());
  co_return details;
}

}  // namespace

task<outcome> get_user(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  if (fields.error()) co_return std::unexpected(*fields.error());
  const auto caller = co_await authenticate(in, std::move(token), from.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& who = caller->who;
  json::array attributes;
  attributes.push_back(attribute("sub", to_string(who.id)));
  attributes.push_back(attribute("email", who.email));
  attributes.push_back(attribute("email_verified", who.email_verified ? "true" : "false"));
  attributes.push_back(attribute("name", who.display_name));
  attributes.push_back(attribute("preferred_username", who.handle));
  json::object answer{{"Username", to_string(who.id)}};
  answer["UserAttributes"] = std::move(attributes);
  co_return answer;
}

// A new email waits until its code comes back; the old one stays in use till then.
task<outcome> update_user_attributes(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  const auto attributes = fields.attributes("UserAttributes");
  if (fields.error()) co_return std::unexpected(*fields.error());
  const auto changes = read_changes(attributes);
  if (!changes) co_return std::unexpected(changes.error());
  const auto caller = co_await authenticate(in, std::move(token), from.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& who = caller->who;
  if (changes_names(*changes, who)) co_return std::unexpected(not_writable());

  json::array deliveries;
  if (changes->email && *changes->email != who.email) {
    if (auto error = limit_address(*in, attempt::mail, from)) {
      co_return std::unexpected(std::move(*error));
    }
    const auto other = co_await in->in.accounts->find_by_email(*changes->email, from.now);
    if (!other) co_return std::unexpected(to_wire_error(other.error()));
    if (*other) co_return std::unexpected(email_exists());
    auto sent = co_await send_email_code(in, from, who, *changes->email);
    if (!sent) co_return std::unexpected(std::move(sent.error()));
    deliveries.push_back(std::move(*sent));
  }
  json::object answer;
  answer["CodeDeliveryDetailsList"] = std::move(deliveries);
  co_return answer;
}

task<outcome> get_user_attribute_verification_code(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  const auto name = fields.text("AttributeName", 64);
  if (fields.error()) co_return std::unexpected(*fields.error());
  if (name != "email") {
    co_return refuse("InvalidParameterException", "Only the email can be verified.");
  }
  if (auto error = limit_address(*in, attempt::mail, from)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto caller = co_await authenticate(in, std::move(token), from.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& who = caller->who;
  auto waiting =
      co_await in->in.accounts->code_address(who.id, code_purpose::email_change, from.now);
  if (!waiting) co_return std::unexpected(to_wire_error(waiting.error()));
  auto sent = co_await send_email_code(in, from, who, waiting->value_or(who.email));
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  json::object answer;
  answer["CodeDeliveryDetails"] = std::move(*sent);
  co_return answer;
}

task<outcome> verify_user_attribute(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  const auto name = fields.text("AttributeName", 64);
  const auto code = fields.text("Code", 64);
  if (fields.error()) co_return std::unexpected(*fields.error());
  if (name != "email") {
    co_return refuse("InvalidParameterException", "Only the email can be verified.");
  }
  if (auto error = limit_address(*in, attempt::code, from)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto caller = co_await authenticate(in, std::move(token), from.now);
  if (!caller) co_return std::unexpected(caller.error());
  const account& who = caller->who;
  if (auto error = limit_account(*in, attempt::code, to_string(who.id), from)) {
    co_return std::unexpected(std::move(*error));
  }
  const auto changed = co_await in->in.accounts->change_email(
      who.id, hash_code(*in, who.id, code_purpose::email_change, code), from.now);
  if (!changed) {
    co_return std::unexpected(changed.error().kind == fault_kind::conflict
                                  ? email_exists()
                                  : to_wire_error(changed.error()));
  }
  if (auto error = code_error(*changed)) co_return std::unexpected(std::move(*error));
  const auto after = co_await in->in.accounts->find(who.id, from.now);
  if (after && *after && (*after)->email != who.email) {
    const auto loop = co_await boost::asio::this_coro::executor;
    mail_notice_later(loop, in, who.email, who.handle);
  }
  co_return json::object{};
}

// The account ends in one transaction, which also hides what the app keeps of the person; that is
// then deleted, now or, after a failure, by the sweeper.
task<outcome> delete_user(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  if (fields.error()) co_return std::unexpected(*fields.error());
  const auto caller = co_await authenticate(in, std::move(token), from.now);
  if (!caller) co_return std::unexpected(caller.error());
  const uuid id = caller->who.id;
  const auto removed =
      co_await in->in.accounts->remove(id, hash_handle(in->keys, caller->who.handle), from.now);
  if (!removed) co_return std::unexpected(to_wire_error(removed.error()));
  co_await in->in.monitor->revoked();
  if (in->settings.on_delete) {
    const auto gone = co_await in->settings.on_delete(id);
    if (!gone) in->log("what a removed account left is deleted later: " + gone.error().detail);
  }
  co_return json::object{};
}

}  // namespace cruddur::user_pool
