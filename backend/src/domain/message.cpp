#include "domain/message.hpp"

#include <fmt/format.h>

#include "domain/activity.hpp"
#include "domain/text.hpp"

namespace cruddur {
namespace {

std::unexpected<fault> refuse(text_fault reason, std::size_t max_graphemes) {
  const auto invalid = [](std::string code, std::string sentence) {
    return fail(fault_kind::invalid, std::move(code), std::move(sentence), "message");
  };
  switch (reason) {
    case text_fault::blank:
      return invalid("message_blank", "Please write something.");
    case text_fault::too_long:
      return invalid("message_exceed_max_chars",
                     fmt::format("A message has at most {} characters.", max_graphemes));
    case text_fault::marks:
      return invalid("message_exceed_max_marks",
                     fmt::format("A character has at most {} marks.", max_marks_in_a_row));
    case text_fault::directions:
      return invalid("message_directions_open",
                     "Each character that turns the direction of the text is closed in its line.");
    case text_fault::invalid:
      break;
  }
  return invalid("message_invalid", "The message has control characters or is not valid Unicode.");
}

}  // namespace

result<std::string> check_message(std::string_view typed, std::size_t max_graphemes) {
  auto message = check_text(typed, {max_graphemes, message_max_bytes});
  if (!message) return refuse(message.error(), max_graphemes);
  return std::move(*message);
}

}  // namespace cruddur
