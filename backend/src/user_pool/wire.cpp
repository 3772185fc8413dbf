#include "user_pool/wire.hpp"

#include <boost/json/parser.hpp>

namespace cruddur::user_pool {
namespace {

namespace json = boost::json;

constexpr std::size_t max_attributes = 20;
constexpr std::size_t max_attribute_bytes = 2048;

wire_error too_long(std::string_view name, std::size_t max_bytes) {
  return {"InvalidParameterException",
          "Value at '" + std::string{name} + "' must have length less than or equal to " +
              std::to_string(max_bytes),
          400, std::nullopt};
}

}  // namespace

wire_error to_wire_error(const fault& fault) {
  const bool busy = fault.kind == fault_kind::rate_limited ||
                    (!fault.codes.empty() && fault.codes.front().ends_with("_busy"));
  if (busy) {
    return {"TooManyRequestsException", "Too many requests; try again in a moment.", 429,
            fault.retry_after.value_or(std::chrono::seconds{1})};
  }
  return {"InternalErrorException", "The service is away for the moment; try again.", 503,
          std::chrono::seconds{1}};
}

wire_result<json::object> parse_body(std::string_view body) {
  if (body.size() > max_body_bytes) {
    return refuse("SerializationException", "The request is too large.");
  }
  json::parse_options bounds;
  bounds.max_depth = max_json_depth;
  json::parser parser{json::storage_ptr{}, bounds};
  boost::system::error_code error;
  parser.write(body, error);
  if (error) return refuse("SerializationException", "The request is not JSON.");
  auto value = parser.release();
  auto* object = value.if_object();
  if (object == nullptr) {
    return refuse("SerializationException", "The request is not a JSON object.");
  }
  return std::move(*object);
}

void field_reader::fail(std::string type, std::string message) {
  if (!error_) error_ = wire_error{std::move(type), std::move(message), 400, std::nullopt};
}

std::string field_reader::optional_text(std::string_view name, std::size_t max_bytes) {
  const auto* value = find(name);
  if (value == nullptr || value->is_null()) return {};
  const auto* text = value->if_string();
  if (text == nullptr) {
    fail("SerializationException", std::string{name} + " must be a string.");
    return {};
  }
  if (text->size() > max_bytes) {
    if (!error_) error_ = too_long(name, max_bytes);
    return {};
  }
  if (text->find('\0') != json::string::npos) {
    fail("InvalidParameterException", std::string{name} + " holds a forbidden character.");
    return {};
  }
  return {text->data(), text->size()};
}

std::string field_reader::text(std::string_view name, std::size_t max_bytes) {
  std::string out = optional_text(name, max_bytes);
  if (out.empty()) {
    fail("InvalidParameterException", "Missing required parameter " + std::string{name});
  }
  return out;
}

const json::object& field_reader::object(std::string_view name) {
  static const json::object none;
  const auto* value = find(name);
  if (value == nullptr || value->is_null()) {
    fail("InvalidParameterException", "Missing required parameter " + std::string{name});
    return none;
  }
  const auto* out = value->if_object();
  if (out == nullptr) {
    fail("SerializationException", std::string{name} + " must be an object.");
    return none;
  }
  return *out;
}

std::vector<std::pair<std::string, std::string>> field_reader::attributes(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto* value = find(name);
  if (value == nullptr || value->is_null()) return out;
  const auto* list = value->if_array();
  if (list == nullptr || list->size() > max_attributes) {
    fail("SerializationException", std::string{name} + " must be a short list.");
    return out;
  }
  for (const auto& each : *list) {
    const auto* pair = each.if_object();
    if (pair == nullptr) {
      fail("SerializationException", std::string{name} + " must hold Name and Value.");
      return out;
    }
    field_reader fields{*pair};
    auto key = fields.text("Name", 64);
    auto content = fields.optional_text("Value", max_attribute_bytes);
    if (fields.error()) {
      if (!error_) error_ = fields.error();
      return out;
    }
    for (const auto& [earlier, unused] : out) {
      if (earlier == key) fail("InvalidParameterException", "Attribute " + key + " comes twice.");
    }
    out.emplace_back(std::move(key), std::move(content));
  }
  return out;
}

}  // namespace cruddur::user_pool
