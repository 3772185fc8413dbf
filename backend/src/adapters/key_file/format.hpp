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

}  // namespace cruddur::key_file
