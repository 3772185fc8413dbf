#include "user_pool/sign_up_rules.hpp"

#include "base/ascii.hpp"
#include "domain/handle.hpp"
#include "domain/profile.hpp"
#include "domain/text.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/input.hpp"

namespace cruddur::user_pool {
namespace {

std::unexpected<wire_error> bad_attribute(std::string_view reason) {
  return refuse("InvalidParameterException",
                "Attributes did not conform to the schema: " + std::string{reason});
}

std::string_view words_for(text_fault fault) {
  switch (fault) {
    case text_fault::marks:
      return "too many marks on one character";
    case text_fault::directions:
      return "no characters that turn the direction of the text";
    case text_fault::blank:
      return "something that can be seen";
    case text_fault::invalid:
    case text_fault::too_long:
      break;
  }
  return "one line of 1 to 50 characters";
}

}  // namespace

wire_result<std::string> read_handle(std::string_view text) {
  auto handle = parse_handle(text);
  if (handle) return std::move(*handle);
  return bad_attribute("preferred_username: a handle is 2 to 30 of a-z, 0-9 and _");
}

wire_result<std::string> read_display_name(std::string_view text) {
  auto name = check_text(text, display_name_rule);
  if (name) return std::move(*name);
  return bad_attribute("name: " + std::string{words_for(name.error())});
}

std::optional<wire_error> check_new_password(std::string_view password, std::string_view email,
                                             std::string_view handle) {
  auto problem = password_problem(password, email, handle);
  if (!problem) return std::nullopt;
  return wire_error{"InvalidPasswordException", std::move(*problem), 400, std::nullopt};
}

wire_result<sign_up_input> check_sign_up(std::string_view email, std::string_view handle,
                                         std::string_view display_name, std::string password) {
  auto address = parse_email(email);
  if (!address) {
    return refuse("InvalidParameterException", "Username should be an email.");
  }
  auto parsed_handle = read_handle(handle);
  if (!parsed_handle) return std::unexpected(std::move(parsed_handle.error()));
  auto name = read_display_name(display_name);
  if (!name) return std::unexpected(std::move(name.error()));
  if (auto error = check_new_password(password, *address, *parsed_handle)) {
    return std::unexpected(std::move(*error));
  }
  return sign_up_input{std::move(*address), std::move(*parsed_handle), std::move(*name),
                       std::move(password)};
}

wire_result<sign_up_input> read_sign_up(const service& pool, const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  const auto username = fields.text("Username", max_username_bytes);
  // A long password is refused as a password, not as a field.
  auto password = fields.text("Password", max_password_bytes);
  const auto attributes = fields.attributes("UserAttributes");
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));

  std::string_view email = username;
  std::string_view handle;
  std::string_view name;
  for (const auto& [key, value] : attributes) {
    if (key == "email") {
      email = value;
    } else if (key == "preferred_username") {
      handle = value;
    } else if (key == "name") {
      name = value;
    } else {
      return bad_attribute(key + " can't be set");
    }
  }
  if (ascii::lower_case(email) != ascii::lower_case(username)) {
    return refuse("InvalidParameterException", "Username should be the email.");
  }
  return check_sign_up(email, handle, name, std::move(password));
}

}  // namespace cruddur::user_pool
