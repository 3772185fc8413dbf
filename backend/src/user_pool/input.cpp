#include "user_pool/input.hpp"

namespace cruddur::user_pool {

wire_result<std::string> read_access_token(const wire_request& request) {
  field_reader fields{request.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  if (fields.error()) return std::unexpected(*fields.error());
  return token;
}

wire_result<std::string> read_username(const service& pool, const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  auto username = fields.text("Username", max_username_bytes);
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));
  return username;
}

}  // namespace cruddur::user_pool
