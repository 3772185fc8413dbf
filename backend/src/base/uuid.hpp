// UUIDs of RFC 9562. New ids are version 7: the first 48 bits are Unix milliseconds, so they sort
// by time.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace cruddur {

struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const uuid&) const = default;
  bool is_nil() const { return *this == uuid{}; }
};

// A version 7 id for a moment: within a process, later calls give greater ids even in one
// millisecond, unless `moment` goes back. Thread-safe.
uuid make_uuid_v7(time_point moment);

// A version 4 id: 122 random bits.
uuid make_uuid_v4();

// Reads the hyphenated 36-character form, either case; anything else gives nothing.
std::optional<uuid> parse_uuid(std::string_view text);

// The hyphenated form in lower case.
std::string to_string(const uuid& id);
void append_uuid(std::string& output, const uuid& id);

}  // namespace cruddur

template <>
struct std::hash<cruddur::uuid> {
  // The tail of a version 7 id is random, so it is a good hash as it stands.
  std::size_t operator()(const cruddur::uuid& id) const noexcept {
    std::uint64_t tail = 0;
    std::memcpy(&tail, id.bytes.data() + 8, sizeof tail);
    return static_cast<std::size_t>(tail);
  }
};
