#include "http/message.hpp"

#include "http/percent.hpp"

namespace cruddur::http {

std::string_view to_string(method verb) {
  switch (verb) {
    case method::get:
      return "GET";
    case method::head:
      return "HEAD";
    case method::post:
      return "POST";
    case method::put:
      return "PUT";
    case method::patch:
      return "PATCH";
    case method::del:
      return "DELETE";
    case method::options:
      return "OPTIONS";
    case method::other:
      break;
  }
  return "OTHER";
}

std::string_view request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::optional<std::string> request::query_value(std::string_view name) const {
  return find_query_value(query, name);
}

std::string_view request::path_value(std::string_view name) const {
  for (const auto& [key, value] : path_values) {
    if (key == name) return value;
  }
  return {};
}

std::string_view response::body_view() const {
  if (const auto* own = std::get_if<std::string>(&body)) return *own;
  if (const auto* constant = std::get_if<std::string_view>(&body)) return *constant;
  const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body);
  return shared != nullptr && *shared ? std::string_view{**shared} : std::string_view{};
}

std::uint64_t response::body_size() const {
  const auto* source = std::get_if<std::unique_ptr<body_source>>(&body);
  return source == nullptr ? body_view().size() : (*source)->size();
}

}  // namespace cruddur::http
