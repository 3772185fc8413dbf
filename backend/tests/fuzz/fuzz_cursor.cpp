// Any bytes as a cursor, a uuid or base64url: what is read is written back as it was.
#include <cstdlib>

#include "api/cursor.hpp"
#include "base/encoding.hpp"

using namespace cruddur;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const auto list : {api::list_kind::roots, api::list_kind::replies}) {
    const auto id = api::parse_cursor(list, text);
    if (id && api::make_cursor(list, *id) != text) std::abort();
  }
  if (const auto id = parse_uuid(text); id && to_string(*id).size() != text.size()) std::abort();
  if (const auto raw = from_base64url(text); raw && to_base64url(*raw) != text) std::abort();
  if (const auto raw = from_base64(text); raw && to_base64(*raw) != text) std::abort();
  return 0;
}
