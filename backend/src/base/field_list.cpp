#include "base/field_list.hpp"

#include <cstdint>

namespace cruddur {
namespace {

constexpr std::size_t length_bytes = 4;

}  // namespace

std::string pack_fields(std::initializer_list<std::string_view> fields) {
  std::string out;
  for (const std::string_view each : fields) {
    for (std::size_t i = 0; i < length_bytes; ++i) {
      out.push_back(static_cast<char>(each.size() >> (8 * i)));
    }
    out += each;
  }
  return out;
}

bool unpack_fields(std::string_view packed, std::span<std::string_view> out) {
  for (std::string_view& field : out) {
    if (packed.size() < length_bytes) return false;
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
      length |= std::size_t{static_cast<std::uint8_t>(packed[i])} << (8 * i);
    }
    packed.remove_prefix(length_bytes);
    if (length > packed.size()) return false;
    field = packed.substr(0, length);
    packed.remove_prefix(length);
  }
  return packed.empty();
}

}  // namespace cruddur
