// The JSON of the Cognito wire: reading a request within bounds, and saying what went wrong as
// Cognito does.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "base/fault.hpp"

namespace cruddur::user_pool {

inline constexpr std::size_t max_body_bytes = 32 * 1024;
inline constexpr std::size_t max_json_depth = 6;
inline constexpr std::size_t max_username_bytes = 254;  // an email's longest form
// As it is sent; its characters are counted by domain/password.hpp.
inline constexpr std::size_t max_password_bytes = 4096;
inline constexpr std::size_t max_token_bytes = 8192;

struct wire_error {
  std::string type;     // UserNotFoundException, …
  std::string message;  // for people
  unsigned status = 400;
  std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using wire_result = std::expected<T, wire_error>;

// What an operation answers: the text of a JSON object.
using outcome = wire_result<std::string>;

inline std::unexpected<wire_error> refuse(std::string type, std::string message) {
  return std::unexpected(wire_error{std::move(type), std::move(message), 400, std::nullopt});
}

// A dependency's fault: full (429, TooManyRequestsException) or away (503, InternalErrorException).
// Amplify and the SDKs try both again.
wire_error to_wire_error(const fault& fault);

// A JSON object within the bounds above and in valid UTF-8, or SerializationException.
wire_result<boost::json::object> parse_body(std::string_view body);

// Reads fields and remembers the first thing wrong, so that an operation checks once: a wrong type
// is a SerializationException, an absent or over-long field an InvalidParameterException.
class field_reader {
 public:
  explicit field_reader(const boost::json::object& object) : object_{object} {}

  std::string text(std::string_view name, std::size_t max_bytes);           // required, not empty
  std::string optional_text(std::string_view name, std::size_t max_bytes);  // "" when absent
  const boost::json::object& object(std::string_view name);                 // required
  // [{Name, Value}, …] as name → value, at most 20; a name that comes twice is refused.
  std::vector<std::pair<std::string, std::string>> attributes(std::string_view name);

  void fail(std::string type, std::string message);
  const std::optional<wire_error>& error() const { return error_; }

 private:
  const boost::json::value* find(std::string_view name) const { return object_.if_contains(name); }

  const boost::json::object& object_;
  std::optional<wire_error> error_;
};

}  // namespace cruddur::user_pool
