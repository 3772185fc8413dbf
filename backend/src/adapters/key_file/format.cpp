#include "adapters/key_file/format.hpp"

#include <bit>
#include <cstring>

#include "base/digest.hpp"

namespace cruddur::key_file {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view magic = "cruddur keys 1\r\n";
constexpr std::size_t checksum_size = 8;

void append_number(std::string& bytes, std::uint64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

std::uint64_t take_number(std::string_view& bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  bytes.remove_prefix(sizeof(number));
  return number;
}

std::string checksum(std::string_view content) {
  return std::string{as_view(sha256(content)).substr(0, checksum_size)};
}

std::string close(std::string content) {
  content.resize(header_size - checksum_size);
  return content + checksum(content);
}

bool is_intact(std::string_view bytes) {
  if (bytes.size() != header_size) return false;
  const auto content = bytes.substr(0, header_size - checksum_size);
  return bytes.substr(content.size()) == checksum(content);
}

}  // namespace

std::string to_bytes(const file_header& header) {
  std::string bytes{magic};
  bytes.append(reinterpret_cast<const char*>(header.self.id.bytes.data()),
               header.self.id.bytes.size());
  append_number(bytes, header.self.generation);
  append_number(bytes, header.extents);
  return close(std::move(bytes));
}

std::string to_bytes(const extent_header& header) {
  std::string bytes;
  append_number(bytes, header.number);
  bytes.push_back(static_cast<char>(header.state));
  bytes.push_back(static_cast<char>(header.term));
  for (std::size_t first = 0; first < keys_in_extent; first += 8) {
    unsigned octet = 0;
    for (std::size_t bit = 0; bit < 8; ++bit) octet |= unsigned{header.ended[first + bit]} << bit;
    bytes.push_back(static_cast<char>(octet));
  }
  return close(std::move(bytes));
}

std::optional<file_header> read_file_header(std::string_view bytes) {
  if (!is_intact(bytes) || !is_key_file(bytes)) return std::nullopt;
  bytes.remove_prefix(magic.size());
  file_header header;
  std::memcpy(header.self.id.bytes.data(), bytes.data(), header.self.id.bytes.size());
  bytes.remove_prefix(header.self.id.bytes.size());
  header.self.generation = take_number(bytes);
  header.extents = take_number(bytes);
  return header;
}

std::optional<extent_header> read_extent_header(std::string_view bytes) {
  // An extent that was never opened.
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return extent_header{};
  if (!is_intact(bytes)) return std::nullopt;
  extent_header header;
  header.number = take_number(bytes);
  header.state = static_cast<std::uint8_t>(bytes[0]);
  header.term = static_cast<std::uint8_t>(bytes[1]);
  bytes.remove_prefix(2);
  for (std::size_t bit = 0; bit < keys_in_extent; ++bit) {
    header.ended[bit] = ((static_cast<unsigned char>(bytes[bit / 8]) >> (bit % 8)) & 1U) != 0;
  }
  return header;
}

bool is_key_file(std::string_view bytes) {
  return bytes.starts_with(magic);
}

std::string note_bytes(std::string_view note) {
  std::string bytes;
  append_number(bytes, note.size());
  bytes += note;
  return bytes + checksum(bytes);
}

std::optional<std::string> read_note(std::string_view bytes) {
  const std::string_view all = bytes;
  constexpr std::size_t size_of_number = 8;
  if (bytes.size() < size_of_number + checksum_size) return std::nullopt;
  const std::uint64_t size = take_number(bytes);
  if (size == 0 || size > bytes.size() - checksum_size) return std::nullopt;
  if (bytes.substr(size, checksum_size) != checksum(all.substr(0, size_of_number + size))) {
    return std::nullopt;
  }
  return std::string{bytes.substr(0, size)};
}

}  // namespace cruddur::key_file
