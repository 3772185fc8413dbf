#include "main/key_transfer.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "adapters/sql/stored_keys.hpp"

namespace cruddur {
namespace {

constexpr std::size_t batch = 8192;

key_file::key_extent empty_extent(std::uint64_t number) {
  key_file::key_extent out{{.number = number,
                            .state = static_cast<std::uint8_t>(key_file::extent_state::closed),
                            .term = static_cast<std::uint8_t>(key_term::lasting),
                            .ended = {}},
                           std::vector<secret>(key_file::keys_in_extent)};
  out.header.ended.set();
  return out;
}

std::vector<reserved_key> keys_of(const key_file::key_extent& extent) {
  std::vector<reserved_key> out;
  for (std::size_t i = 0; i < key_file::keys_in_extent; ++i) {
    if (extent.header.ended[i]) continue;
    out.push_back({key_file::slot_of(extent.header.number, i), extent.keys[i]});
  }
  return out;
}

// Nothing for one that is free.
result<std::optional<key_file::key_extent>> read_whole(const key_file::key_reader& source,
                                                       std::size_t index) {
  auto extent = source.read(index);
  constexpr auto damaged = static_cast<std::uint8_t>(key_file::extent_state::damaged);
  if (extent && *extent && (*extent)->header.state == damaged) {
    return start_fault(
        "A part of the key file is damaged, and 1024 keys with it. If an older copy opens more, "
        "put "
        "it back; else `cruddur keys abandon` goes on without them.");
  }
  return extent;
}

}  // namespace

result<std::int64_t> copy_keys(const key_file::key_reader& source, key_file::key_writer& target) {
  std::int64_t count = 0;
  for (std::size_t index = 0; index < source.extents(); ++index) {
    const auto extent = read_whole(source, index);
    if (!extent) return std::unexpected(extent.error());
    if (!*extent) continue;
    if (auto done = target.append(**extent); !done) return std::unexpected(done.error());
    count += static_cast<std::int64_t>(key_file::keys_in_extent - (*extent)->header.ended.count());
  }
  return count;
}

result<std::int64_t> copy_keys(process& process, sql::database& source,
                               key_file::key_writer& target) {
  std::int64_t count = 0;
  std::optional<key_file::key_extent> extent;
  for (key_slot last = 0;;) {
    const auto keys = process.wait_for(sql::read_stored_keys(source, last, batch));
    if (!keys) return std::unexpected(keys.error());
    for (const reserved_key& each : *keys) {
      const auto place = key_file::position_of(each.slot);
      if (extent && extent->header.number != place.number) {
        if (auto done = target.append(*extent); !done) return std::unexpected(done.error());
        extent.reset();
      }
      if (!extent) extent = empty_extent(place.number);
      extent->header.ended.reset(place.index);
      extent->keys[place.index] = each.key;
    }
    count += std::ssize(*keys);
    if (keys->empty()) break;
    last = keys->back().slot;
  }
  if (extent) {
    if (auto done = target.append(*extent); !done) return std::unexpected(done.error());
  }
  return count;
}

result<std::int64_t> copy_keys(process& process, const key_file::key_reader& source,
                               sql::database& target) {
  std::int64_t count = 0;
  for (std::size_t index = 0; index < source.extents(); ++index) {
    const auto extent = read_whole(source, index);
    if (!extent) return std::unexpected(extent.error());
    if (!*extent) continue;
    const auto keys = keys_of(**extent);
    if (keys.empty()) continue;
    auto stored = process.wait_for(sql::store_keys(target, keys));
    if (!stored) return std::unexpected(std::move(stored.error()));
    count += std::ssize(keys);
  }
  return count;
}

result<std::int64_t> copy_keys(process& process, sql::database& source, sql::database& target) {
  std::int64_t count = 0;
  for (key_slot last = 0;;) {
    const auto keys = process.wait_for(sql::read_stored_keys(source, last, batch));
    if (!keys) return std::unexpected(keys.error());
    if (keys->empty()) return count;
    last = keys->back().slot;
    if (auto stored = process.wait_for(sql::store_keys(target, *keys)); !stored) {
      return std::unexpected(std::move(stored.error()));
    }
    count += std::ssize(*keys);
  }
}

std::uint64_t generation_of(key_slot greatest) {
  return static_cast<std::uint64_t>(greatest) / key_file::keys_in_extent;
}

}  // namespace cruddur
