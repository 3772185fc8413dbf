#include "api/cursor.hpp"

#include <cstring>

#include "base/encoding.hpp"

namespace cruddur::api {

std::string make_cursor(list_kind list, const uuid& last) {
  std::string raw(1, static_cast<char>(list));
  raw.append(reinterpret_cast<const char*>(last.bytes.data()), last.bytes.size());
  return to_base64url(raw);
}

result<uuid> parse_cursor(list_kind list, std::string_view text) {
  const auto raw = from_base64url(text.substr(0, 64));
  if (!raw || raw->size() != 17 || raw->front() != static_cast<char>(list)) {
    return fail(fault_kind::invalid, "cursor_invalid", "The cursor is not one of this list.",
                "cursor");
  }
  uuid out;
  std::memcpy(out.bytes.data(), raw->data() + 1, 16);
  return out;
}

}  // namespace cruddur::api
