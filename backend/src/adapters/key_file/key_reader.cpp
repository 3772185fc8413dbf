#include "adapters/key_file/key_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/running_digest.hpp"

namespace cruddur::key_file {
namespace {

namespace fs = std::filesystem;

// A server changes an extent's header at most a few times a second.
constexpr int most_tries = 200;
constexpr std::chrono::milliseconds pause{5};

key_extent damaged_extent() {
  key_extent out{{.number = 0,
                  .state = static_cast<std::uint8_t>(extent_state::damaged),
                  .term = 0,
                  .ended = {}},
                 std::vector<secret>(keys_in_extent)};
  out.header.ended.set();
  return out;
}

}  // namespace

result<key_reader> key_reader::open(const fs::path& path) {
  auto opened = open_private(path, O_RDONLY);
  if (!opened) return std::unexpected(std::move(opened.error()));
  key_reader out{std::move(*opened), path};
  const auto page = out.bytes(0, header_size);
  if (!page) return std::unexpected(page.error());
  if (!is_key_file(*page)) return refuse(path.string() + " is no key file of this version");
  const auto header = read_file_header(*page);
  if (!header) return refuse("the header of " + path.string() + " is damaged");
  struct stat status{};
  if (::fstat(out.file_.number, &status) != 0) return cannot("read", path, errno);
  if (static_cast<std::uint64_t>(status.st_size) < offset_of_extent(header->extents)) {
    return refuse(path.string() + " is shorter than it was: keys are missing from its end");
  }
  out.extents_ = header->extents;
  return out;
}

result<std::string> key_reader::bytes(std::uint64_t offset, std::size_t size) const {
  std::string out(size, '\0');
  const ssize_t count = read_all(file_.number, out.data(), size, offset);
  if (count < 0) return cannot("read", path_, errno);
  out.resize(static_cast<std::size_t>(count));
  return out;
}

result<identity> key_reader::self() const {
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    const auto page = bytes(0, header_size);
    if (!page) return std::unexpected(page.error());
    if (const auto header = read_file_header(*page)) return header->self;
    std::this_thread::sleep_for(pause);
  }
  return refuse("the header of " + path_.string() + " is damaged");
}

result<std::optional<key_extent>> key_reader::read(std::size_t index) const {
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    const auto before = bytes(offset_of_extent(index), header_size);
    if (!before) return std::unexpected(before.error());
    auto keys = bytes(offset_of_key(index, 0), keys_in_extent * secret::size);
    if (!keys) return std::unexpected(keys.error());
    const auto after = bytes(offset_of_extent(index), header_size);
    if (!after) return std::unexpected(after.error());
    if (keys->size() != keys_in_extent * secret::size) {
      return refuse(path_.string() + " is shorter than it was: keys are missing from its end");
    }
    const auto header = *before == *after ? read_extent_header(*after) : std::nullopt;
    if (!header) {
      // Being written, or damaged: that does not get better.
      if (*before == *after && attempt > 3) return damaged_extent();
      std::this_thread::sleep_for(pause);
      continue;
    }
    if (header->state == static_cast<std::uint8_t>(extent_state::free)) return std::nullopt;
    key_extent out{*header, std::vector<secret>(keys_in_extent)};
    for (std::size_t i = 0; i < keys_in_extent; ++i) {
      std::copy_n(keys->begin() + static_cast<std::ptrdiff_t>(i * secret::size), secret::size,
                  out.keys[i].bytes().begin());
    }
    OPENSSL_cleanse(keys->data(), keys->size());
    return out;
  }
  return refuse("an extent of " + path_.string() + " changes all the time");
}

result<key_file::space> key_reader::used_space() const {
  key_file::space sum{.extents = extents_, .free = 0, .damaged = 0, .keys = 0};
  for (std::size_t index = 0; index < extents_; ++index) {
    const auto page = bytes(offset_of_extent(index), header_size);
    if (!page) return std::unexpected(page.error());
    auto header = read_extent_header(*page);
    if (!header) {
      const auto again = bytes(offset_of_extent(index), header_size);
      if (!again) return std::unexpected(again.error());
      header = read_extent_header(*again);
    }
    if (!header) {
      ++sum.damaged;
    } else if (header->state == static_cast<std::uint8_t>(extent_state::free) ||
               header->ended.all()) {
      ++sum.free;
    } else {
      sum.keys += keys_in_extent - header->ended.count();
    }
  }
  return sum;
}

result<std::string> key_reader::note() const {
  const auto page = bytes(header_size, page_size - header_size);
  if (!page) return std::unexpected(page.error());
  return read_note(*page).value_or("");
}

result<std::string> key_reader::digest() const {
  running_digest sum;
  for (std::size_t index = 0; index < extents_; ++index) {
    auto extent = bytes(offset_of_extent(index), extent_size);
    if (!extent) return std::unexpected(extent.error());
    sum.add(*extent);
    OPENSSL_cleanse(extent->data(), extent->size());
  }
  return sum.finish();
}

}  // namespace cruddur::key_file
