#include "domain/message.hpp"

#include <fmt/format.h>

#include "domain/activity.hpp"
#include "domain/text.hpp"

namespace cruddur {

result<std::string> check_message(std::string_view typed, std::size_t max_graphemes) {
  // Trimming can't save a text this long; refusing it first keeps the work below small.
  if (typed.size() > 2 * message_max_bytes) {
    return fail(fault_kind::invalid, "message_exceed_max_chars", "The message is too long.",
                "message");
  }
  auto message = tidy_text(typed);
  if (!message) {
    return fail(fault_kind::invalid, "message_invalid",
                "The message has control characters or is not valid UTF-8.", "message");
  }
  if (is_blank(*message)) {
    return fail(fault_kind::invalid, "message_blank", "Please write something.", "message");
  }
  if (message->size() > message_max_bytes || count_graphemes(*message) > max_graphemes) {
    return fail(fault_kind::invalid, "message_exceed_max_chars",
                fmt::format("A message has at most {} characters.", max_graphemes), "message");
  }
  return std::move(*message);
}

}  // namespace cruddur
