// Several texts as one, each behind its length: what a sealed record holds.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cruddur {

// Each field is its length as 4 bytes, little-endian, and then its bytes.
std::string pack_fields(std::initializer_list<std::string_view> fields);

// Fills `out`, which refers to `packed`. False when that holds another number of fields.
bool unpack_fields(std::string_view packed, std::span<std::string_view> out);

}  // namespace cruddur
