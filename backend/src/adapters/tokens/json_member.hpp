#pragma once

#include <string_view>

#include <boost/json/object.hpp>

namespace cruddur::tokens {

// The text of a member; "" when it is absent or something else.
inline std::string_view text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

}  // namespace cruddur::tokens
