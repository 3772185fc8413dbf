#include "adapters/key_file/keys_ahead.hpp"

#include <algorithm>
#include <cerrno>

#include "adapters/key_file/disk.hpp"
#include "adapters/key_file/key_file.hpp"

namespace cruddur::key_file {
namespace {

constexpr std::size_t most = 64;

}  // namespace

std::expected<secret, int> keys_ahead::take(int file, std::uint64_t number, std::uint64_t offset,
                                            std::size_t place) {
  const bool is_there = number_ == number && place >= first_ && place - first_ < keys_.size();
  if (!is_there) {
    static_assert(sizeof(secret) == secret::size);
    number_ = number;
    first_ = place;
    keys_.assign(std::min(most, keys_in_extent - place), secret{});
    const std::size_t wanted = keys_.size() * secret::size;
    const ssize_t size = read_all(file, reinterpret_cast<char*>(keys_.data()), wanted,
                                  offset + place * secret::size);
    if (size != static_cast<ssize_t>(wanted)) {
      keys_.clear();
      return std::unexpected(size < 0 ? errno : EIO);
    }
  }
  const secret key = keys_[place - first_];
  keys_[place - first_] = {};
  return key;
}

}  // namespace cruddur::key_file
