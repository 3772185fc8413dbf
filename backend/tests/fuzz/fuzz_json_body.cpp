// Any bytes as the body of a post: either a fault with a code, or a message that keeps the rules
// and is written as valid JSON.
#include <cstdlib>

#include <boost/json/parse.hpp>

#include "api/activity_json.hpp"
#include "api/input.hpp"
#include "base/utf8.hpp"
#include "domain/message.hpp"
#include "domain/text.hpp"

using namespace cruddur;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::request from;
  from.body = {reinterpret_cast<const char*>(data), size};
  const auto body = api::json_body(from);
  if (!body) return body.error().codes.empty() ? (std::abort(), 0) : 0;
  const auto typed = api::text_member(*body, "message");
  if (!typed) return 0;
  const auto message = check_message(*typed, post_max_graphemes);
  if (!message) return 0;
  if (!is_valid_utf8(*message) || count_graphemes(*message) > post_max_graphemes) std::abort();

  activity what;
  what.message = *message;
  std::string text;
  const api::activity_places places = api::append_activity(text, what);
  boost::system::error_code error;
  const auto parsed = boost::json::parse(text, error);
  if (error || parsed.at("message").as_string() != *message) std::abort();
  if (text.compare(places.liked, 5, api::liked_false) != 0) std::abort();
  return 0;
}
