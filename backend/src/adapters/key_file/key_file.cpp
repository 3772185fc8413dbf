#include "adapters/key_file/key_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/key_file/disk.hpp"
#include "adapters/key_file/format.hpp"
#include "base/random.hpp"

namespace cruddur::key_file {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t growth = 8;  // extents

}  // namespace

result<> key_file::create(const fs::path& path) {
  if (auto made = make_folder(folder_of(path)); !made) return made;
  const descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number < 0) return cannot("make", path, errno);
  file_header header;
  fill_random(header.self.id.bytes);
  std::string page = to_bytes(header);
  page.resize(page_size);
  int failed = write_all(file.number, page, 0);
  if (failed == 0 && ::fsync(file.number) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(path.c_str());
    return cannot("write", path, failed);
  }
  return sync_folder(folder_of(path));
}

result<std::unique_ptr<key_file>> key_file::open(const fs::path& path) {
  auto opened = open_private(path, O_RDWR);
  if (!opened) return std::unexpected(std::move(opened.error()));
  std::unique_ptr<key_file> file{new key_file{opened->release(), path}};
  if (::flock(file->descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return refuse("another process is using " + path.string() + "; stop it first");
  }
  if (auto read = file->read_headers(); !read) return std::unexpected(std::move(read.error()));
  return file;
}

key_file::~key_file() {
  ::close(descriptor_);
}

std::unexpected<fault> key_file::failure(std::string_view action, int error) const {
  return cannot(action, path_, error);
}

result<> key_file::read_headers() {
  std::array<char, header_size> bytes{};
  const std::string_view header{bytes.data(), bytes.size()};
  ssize_t size = read_all(descriptor_, bytes.data(), bytes.size(), 0);
  if (size < 0) return failure("read", errno);
  if (!is_key_file(header)) return refuse(path_.string() + " is no key file of this version");
  const auto found = read_file_header(header);
  if (!found) return refuse("the header of " + path_.string() + " is damaged");
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failure("read", errno);
  if (static_cast<std::uint64_t>(status.st_size) < offset_of_extent(found->extents)) {
    return refuse(path_.string() + " is shorter than it was: keys are missing from its end");
  }
  self_ = found->self;
  extents_.resize(found->extents);
  for (std::size_t index = 0; index < extents_.size(); ++index) {
    size = read_all(descriptor_, bytes.data(), bytes.size(), offset_of_extent(index));
    read_extent(index, size == std::ssize(bytes) ? header : std::string_view{});
  }
  // Numbers that stood in a header which is damaged now, or in a file before this one, are not
  // given out again.
  last_number_ = std::max(last_number_, self_.generation);
  return {};
}

// An unreadable header (EIO too) costs its own 1,024 keys and nothing else.
void key_file::read_extent(std::size_t index, std::string_view header) {
  extent& content = extents_[index];
  const auto found = header.empty() ? std::nullopt : read_extent_header(header);
  if (!found || found->state > static_cast<std::uint8_t>(extent_state::closed) ||
      found->term >= key_terms) {
    content.condition = extent_state::damaged;
    return;
  }
  content = {.number = found->number,
             .condition = static_cast<extent_state>(found->state),
             .term = static_cast<key_term>(found->term),
             .ended = found->ended,
             .next = keys_in_extent,
             .is_header_stale = false};
  if (content.condition == extent_state::free) return;
  last_number_ = std::max(last_number_, content.number);
  by_number_[content.number] = index;
}

identity key_file::self() const {
  const std::shared_lock lock{mutex_};
  return self_;
}

std::vector<open_range> key_file::open_ranges() const {
  const std::shared_lock lock{mutex_};
  std::vector<open_range> ranges;
  for (const extent& each : extents_) {
    if (each.condition == extent_state::open)
      ranges.push_back({slot_of(each.number, 0), keys_in_extent});
  }
  return ranges;
}

int key_file::sync() {
  return ::fdatasync(descriptor_) == 0 ? 0 : errno;
}

int key_file::write_file_header(const identity& self, std::size_t extents) {
  return write_all(descriptor_, to_bytes(file_header{self, extents}), 0);
}

int key_file::write_extent_header(std::size_t index, const extent& content) {
  const extent_header header{content.number, static_cast<std::uint8_t>(content.condition),
                             static_cast<std::uint8_t>(content.term), content.ended};
  return write_all(descriptor_, to_bytes(header), offset_of_extent(index));
}

int key_file::overwrite_keys(std::size_t index, std::size_t first, std::size_t count) {
  std::string fresh = random_bytes(count * secret::size);
  const int error = write_all(descriptor_, fresh, offset_of_key(index, first));
  OPENSSL_cleanse(fresh.data(), fresh.size());
  return error;
}

result<> key_file::settle(key_slot first, std::span<const key_slot> used) {
  const std::lock_guard writing{writing_};
  std::bitset<keys_in_extent> in_use;
  const auto number = position_of(first).number;
  for (const key_slot each : used) {
    if (position_of(each).number == number) in_use.set(position_of(each).index);
  }
  extent content;
  std::size_t index = 0;
  {
    const std::lock_guard lock{mutex_};
    const auto found = by_number_.find(number);
    if (found == by_number_.end() || extents_[found->second].condition != extent_state::open)
      return {};
    index = found->second;
    std::erase(open_[static_cast<std::size_t>(extents_[index].term)], index);
    extents_[index].ended |= ~in_use;
    extents_[index].condition = extent_state::closed;
    extents_[index].next = keys_in_extent;
    content = extents_[index];
  }
  int error = 0;
  for (std::size_t key = 0; key < keys_in_extent && error == 0; ++key) {
    const std::size_t begin = key;
    while (key < keys_in_extent && content.ended[key]) ++key;
    if (key > begin) error = overwrite_keys(index, begin, key - begin);
  }
  if (error == 0) error = write_extent_header(index, content);
  if (error == 0) error = sync();
  if (error != 0) return failure("write", error);
  return {};
}

std::vector<key_slot> key_file::slots(std::size_t index) const {
  const std::shared_lock lock{mutex_};
  const extent& content = extents_[index];
  std::vector<key_slot> out;
  if (content.condition != extent_state::open && content.condition != extent_state::closed) {
    return out;
  }
  for (std::size_t key = 0; key < content.next; ++key) {
    if (!content.ended[key]) out.push_back(slot_of(content.number, key));
  }
  return out;
}

result<> key_file::pass(std::uint64_t number) {
  const std::lock_guard writing{writing_};
  const identity passed{self_.id, std::max(self_.generation, number)};
  int error = write_file_header(passed, extents_.size());
  if (error == 0) error = sync();
  if (error != 0) return failure("write", error);
  const std::lock_guard lock{mutex_};
  self_ = passed;
  last_number_ = std::max(last_number_, number);
  return {};
}

// The file grows by several at a time. What is behind the number of extents in the header is not
// part of the file, so a crash in between leaves nothing to mend.
result<std::size_t> key_file::free_extent() {
  const auto is_free = [](const extent& each) {
    return each.condition == extent_state::free ||
           (each.condition == extent_state::closed && each.ended.all());
  };
  std::size_t count = 0;
  {
    const std::shared_lock lock{mutex_};
    const auto found = std::ranges::find_if(extents_, is_free);
    if (found != extents_.end()) return static_cast<std::size_t>(found - extents_.begin());
    count = extents_.size();
  }
  const auto begin = static_cast<off_t>(offset_of_extent(count));
  int error = ::posix_fallocate(descriptor_, begin, growth * extent_size);
  if (error != 0) return failure("enlarge", error);
  const std::string empty(header_size, '\0');
  for (std::size_t added = 0; added < growth && error == 0; ++added) {
    error = write_all(descriptor_, empty, offset_of_extent(count + added));
  }
  if (error == 0) error = sync();
  if (error == 0) error = write_file_header(self_, count + growth);
  if (error != 0) return failure("enlarge", error);
  const std::lock_guard lock{mutex_};
  extents_.resize(count + growth);
  return count;
}

// The keys are on the disk before the header that gives them a number, and both before anybody can
// take one.
int key_file::write_opened(std::size_t index, const extent& content, const identity& self) {
  int error = overwrite_keys(index, 0, keys_in_extent);
  if (error == 0) error = sync();
  if (error == 0) error = write_extent_header(index, content);
  if (error == 0) error = write_file_header(self, extents_.size());
  if (error == 0) error = write_closed();
  if (error == 0) error = sync();
  return error;
}

int key_file::write_closed() {
  int error = 0;
  const std::lock_guard lock{mutex_};
  for (std::size_t index = 0; index < extents_.size() && error == 0; ++index) {
    if (!extents_[index].is_header_stale) continue;
    error = write_extent_header(index, extents_[index]);
    extents_[index].is_header_stale = error != 0;
  }
  return error;
}

result<> key_file::prepare(std::size_t count, key_term term) {
  const std::lock_guard writing{writing_};
  while (ready(term) < count) {
    if (auto done = open_extent(term); !done) return done;
  }
  return {};
}

result<> key_file::open_extent(key_term term) {
  const auto index = free_extent();
  if (!index) return std::unexpected(index.error());
  {
    const std::lock_guard lock{mutex_};
    if (extents_[*index].condition != extent_state::free) {
      by_number_.erase(extents_[*index].number);
    }
    extents_[*index] = {};
  }
  const extent content{.number = last_number_ + 1,
                       .condition = extent_state::open,
                       .term = term,
                       .ended = {},
                       .next = 0,
                       .is_header_stale = false};
  const identity opened{self_.id, self_.generation + 1};
  if (const int error = write_opened(*index, content, opened); error != 0) {
    return failure("write", error);
  }
  const std::lock_guard lock{mutex_};
  last_number_ = content.number;
  self_ = opened;
  by_number_[content.number] = *index;
  extents_[*index] = content;
  open_[static_cast<std::size_t>(term)].push_back(*index);
  return {};
}

// The header of an extent that is used up is written when the next one is opened: after a crash in
// between its slots are looked up once more.
result<std::vector<reserved_key>> key_file::take(std::size_t count, key_term term) {
  std::vector<reserved_key> taken;
  taken.reserve(count);
  const std::lock_guard lock{mutex_};
  auto& open = open_[static_cast<std::size_t>(term)];
  while (taken.size() < count && !open.empty()) {
    const std::size_t index = open.front();
    extent& content = extents_[index];
    if (content.next == keys_in_extent) {
      content.condition = extent_state::closed;
      content.is_header_stale = true;
      open.erase(open.begin());
      continue;
    }
    const std::size_t place = content.next;
    content.next += 1;  // a key that can't be read is never given out
    const auto key = ahead_[static_cast<std::size_t>(term)].take(descriptor_, content.number,
                                                                 offset_of_key(index, 0), place);
    if (!key) return failure("read", key.error());
    taken.push_back({slot_of(content.number, place), *key});
  }
  return taken;
}

std::size_t key_file::ready(key_term term) const {
  const std::shared_lock lock{mutex_};
  std::size_t count = 0;
  for (const std::size_t index : open_[static_cast<std::size_t>(term)]) {
    count += keys_in_extent - extents_[index].next;
  }
  return count;
}

result<std::optional<secret>> key_file::load(key_slot slot) const {
  if (slot <= 0) return std::nullopt;
  const position place = position_of(slot);
  const std::shared_lock lock{mutex_};
  const auto found = by_number_.find(place.number);
  if (found == by_number_.end()) return std::nullopt;
  const extent& content = extents_[found->second];
  if (content.ended[place.index] || place.index >= content.next) return std::nullopt;
  secret key;
  const ssize_t size = read_all(descriptor_, reinterpret_cast<char*>(key.bytes().data()),
                                secret::size, offset_of_key(found->second, place.index));
  if (size < 0) return failure("read", errno);
  if (size != std::ssize(key.bytes())) return failure("read", EIO);
  return key;
}

// From the first mark on nobody in this process gets the key; after the sync nobody does. Whoever
// asks again overwrites again, since a mark may be older than a failed write.
result<> key_file::destroy(std::span<const key_slot> slots) {
  const std::lock_guard writing{writing_};
  std::unordered_map<std::size_t, extent> changed;
  std::vector<std::pair<std::size_t, std::size_t>> keys;
  {
    const std::lock_guard lock{mutex_};
    for (const key_slot slot : slots) {
      if (slot <= 0) continue;
      const position place = position_of(slot);
      const auto found = by_number_.find(place.number);
      if (found == by_number_.end() || place.index >= extents_[found->second].next) continue;
      extents_[found->second].ended.set(place.index);
      keys.emplace_back(found->second, place.index);
    }
    for (const auto& [index, key] : keys) changed.try_emplace(index, extents_[index]);
  }
  int error = 0;
  for (const auto& [index, key] : keys) {
    if (error == 0) error = overwrite_keys(index, key, 1);
  }
  for (const auto& [index, content] : changed) {
    if (error == 0) error = write_extent_header(index, content);
  }
  if (error == 0 && !keys.empty()) error = sync();
  if (error != 0) return failure("write", error);
  return {};
}

key_file::space key_file::used_space() const {
  const std::shared_lock lock{mutex_};
  space sum{.extents = extents_.size(), .free = 0, .damaged = 0, .keys = 0};
  for (const extent& each : extents_) {
    const bool is_spent = each.condition == extent_state::closed && each.ended.all();
    if (each.condition == extent_state::damaged) ++sum.damaged;
    if (each.condition == extent_state::free || is_spent) ++sum.free;
    if (each.condition == extent_state::open || each.condition == extent_state::closed) {
      sum.keys += each.next - std::min<std::size_t>(each.next, each.ended.count());
    }
  }
  return sum;
}

}  // namespace cruddur::key_file
