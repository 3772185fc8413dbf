#include "api/input.hpp"

#include <charconv>

#include <boost/json/parse.hpp>

#include "http/media_type.hpp"

namespace cruddur::api {

result<boost::json::object> json_body(const http::request& request) {
  const std::string_view type = request.header("content-type");
  if (!type.empty() && !http::is_media_type(type, http::json_type)) {
    return fail(fault_kind::malformed, "content_type_invalid",
                "The body must be application/json.");
  }
  boost::system::error_code error;
  boost::json::value parsed = boost::json::parse(request.body, error, {}, {.max_depth = 32});
  if (error || !parsed.is_object()) {
    return fail(fault_kind::malformed, "json_invalid", "The body must be a JSON object.");
  }
  return std::move(parsed.as_object());
}

result<std::string> text_member(const boost::json::object& body, std::string_view name) {
  const boost::json::value* found = body.if_contains(name);
  if (found == nullptr || found->is_null()) return std::string{};
  if (const auto* text = found->if_string()) return std::string{text->begin(), text->end()};
  return fail(fault_kind::invalid, std::string{name} + "_invalid",
              "The member \"" + std::string{name} + "\" must be text.", std::string{name});
}

result<uuid> activity_id(const http::request& request) {
  const auto id = parse_uuid(request.path_value("uuid"));
  if (!id) return fail(fault_kind::not_found, "activity_not_found", "There is no such post.");
  return *id;
}

result<page_request> page_of(const http::request& request, list_kind list) {
  page_request out;
  if (const auto limit = request.query_value("limit")) {
    const auto [end, error] =
        std::from_chars(limit->data(), limit->data() + limit->size(), out.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || out.limit < 1 ||
        out.limit > 100) {
      return fail(fault_kind::invalid, "limit_invalid", "The limit is a number from 1 to 100.",
                  "limit");
    }
  }
  if (const auto cursor = request.query_value("cursor")) {
    const auto position = parse_cursor(list, *cursor);
    if (!position) return std::unexpected(position.error());
    out.cursor = *position;
  }
  return out;
}

result<std::optional<uuid>> idempotency_key(const http::request& request) {
  const std::string_view text = request.header("idempotency-key");
  if (text.empty()) return std::nullopt;
  const auto key = parse_uuid(text);
  if (!key) {
    return fail(fault_kind::invalid, "idempotency_key_invalid",
                "The Idempotency-Key header must be a uuid.", "idempotency-key");
  }
  return *key;
}

}  // namespace cruddur::api
