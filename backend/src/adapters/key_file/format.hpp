// The two headers of a key file as bytes: key_file.hpp tells what they mean.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/key_file/key_file.hpp"

namespace cruddur::key_file {

// What of a page is read and written for its header.
inline constexpr std::size_t header_size = 512;

// Where a slot's key is: in the extent of that number, at that index.
struct position {
  std::uint64_t number;
  std::size_t index;
};

inline position position_of(key_slot slot) {
  const auto value = static_cast<std::uint64_t>(slot);
  return {value / keys_in_extent, value % keys_in_extent};
}

inline key_slot slot_of(std::uint64_t number, std::size_t index) {
  return static_cast<key_slot>(number * keys_in_extent + index);
}

inline std::uint64_t offset_of_extent(std::size_t index) {
  return page_size + std::uint64_t{index} * extent_size;
}

inline std::uint64_t offset_of_key(std::size_t extent, std::size_t key) {
  return offset_of_extent(extent) + page_size + key * secret::size;
}

// What an extent_header's state says. Damaged is never written: the header can't be read.
enum class extent_state : std::uint8_t { free = 0, open = 1, closed = 2, damaged = 3 };

struct file_header {
  identity self;
  std::uint64_t extents = 0;
};

struct extent_header {
  std::uint64_t number = 0;
  std::uint8_t state = 0;
  std::uint8_t term = 0;
  std::bitset<keys_in_extent> ended;
};

std::string to_bytes(const file_header& header);
std::string to_bytes(const extent_header& header);

// Nothing when the checksum is wrong. `is_key_file` tells a damaged header from another file.
std::optional<file_header> read_file_header(std::string_view bytes);
std::optional<extent_header> read_extent_header(std::string_view bytes);
bool is_key_file(std::string_view bytes);

// What stands behind the file's header, in the rest of its page, of a file that is a copy. Nothing
// when there is none or its checksum is wrong.
std::string note_bytes(std::string_view note);
std::optional<std::string> read_note(std::string_view bytes);

}  // namespace cruddur::key_file
